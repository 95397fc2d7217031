#!/usr/bin/env python3
"""Write the families of process emissions from the shared factor tables.

    python3 emission_factors/import_processes.py /work/shared

Reads   SHARED/factors/processes.csv and the iron and steel rows of
        SHARED/factors/balance.csv (carbon contents of IPCC 2006 volume 3, table 4.3).
Writes  <family>/factors.csv and <family>/family.toml next to this script.

The output depends on the input only. Values are copied as printed; deductions are
printed with a minus sign and written without it, because the parameter says it.
Every row must be named in ROWS or LEFT_OUT, every wording in a table below; else the
script stops. What is left out is listed on stderr.

Python 3.11, standard library only.
"""

import csv
import sys

from import_shared import COLUMNS, HERE, ImportFailure, look_up, main, read_csv

# --------------------------------------------------------------------------
# Rows: source id | family | carrier | parameter | gas | technique.
# --------------------------------------------------------------------------
ROWS = """
proc.carbonate.caco3.ipcc                | ipcc_2006_ippu | limestone | emission_factor | CO2 |
proc.carbonate.mgco3.ipcc                | ipcc_2006_ippu | magnesite | emission_factor | CO2 |
proc.carbonate.camgco3.ipcc              | ipcc_2006_ippu | dolomite | emission_factor | CO2 |
proc.carbonate.feco3.ipcc                | ipcc_2006_ippu | siderite | emission_factor | CO2 |
proc.carbonate.mnco3.ipcc                | ipcc_2006_ippu | rhodochrosite | emission_factor | CO2 |
proc.carbonate.na2co3.ipcc               | ipcc_2006_ippu | soda_ash | emission_factor | CO2 |
proc.carbonate.ankerite.ipcc             | ipcc_2006_ippu | ankerite | emission_factor | CO2 |
proc.carbonate.caco3.cn                  | cn_gbt32151_2024_carbonates | limestone | emission_factor | CO2 |
proc.carbonate.mgco3.cn                  | cn_gbt32151_2024_carbonates | magnesite | emission_factor | CO2 |
proc.carbonate.camgco3.cn                | cn_gbt32151_2024_carbonates | dolomite | emission_factor | CO2 |
proc.carbonate.feco3.cn                  | cn_gbt32151_2024_carbonates | siderite | emission_factor | CO2 |
proc.carbonate.mnco3.cn                  | cn_gbt32151_2024_carbonates | rhodochrosite | emission_factor | CO2 |
proc.carbonate.na2co3.cn                 | cn_gbt32151_2024_carbonates | soda_ash | emission_factor | CO2 |
proc.carbonate.nahco3.cn                 | cn_gbt32151_2024_carbonates | sodium_bicarbonate | emission_factor | CO2 |
proc.carbonate.baco3.cn                  | cn_gbt32151_2024_carbonates | barium_carbonate | emission_factor | CO2 |
proc.carbonate.li2co3.cn                 | cn_gbt32151_2024_carbonates | lithium_carbonate | emission_factor | CO2 |
proc.carbonate.k2co3.cn                  | cn_gbt32151_2024_carbonates | potassium_carbonate | emission_factor | CO2 |
proc.carbonate.srco3.cn                  | cn_gbt32151_2024_carbonates | strontium_carbonate | emission_factor | CO2 |
proc.cement.cao.ipcc                     | ipcc_2006_ippu | clinker | cao | |
proc.cement.ckd.ipcc                     | ipcc_2006_ippu | clinker | kiln_dust_factor | |
proc.cement.clinker_fraction.portland    | ipcc_2006_ippu | cement | clinker_fraction | | portland
proc.cement.clinker_fraction.slag_modified| ipcc_2006_ippu | cement | clinker_fraction | | slag_modified
proc.cement.clinker_fraction.bf_slag     | ipcc_2006_ippu | cement | clinker_fraction | | blast_furnace_slag
proc.cement.clinker_fraction.pozzolan    | ipcc_2006_ippu | cement | clinker_fraction | | pozzolan
proc.cement.clinker_fraction.masonry     | ipcc_2006_ippu | cement | clinker_fraction | | masonry
proc.cement.clinker_fraction.slag_cement | ipcc_2006_ippu | cement | clinker_fraction | | slag_cement
proc.cement.clinker_portland.cn          | cn_mee_cement_2024 | clinker | production_factor | CO2 |
proc.cement.clinker_white.cn             | cn_mee_cement_2024 | clinker | production_factor | CO2 | white_clinker
proc.cement.clinker_sulfoaluminate.cn    | cn_mee_cement_2024 | clinker | production_factor | CO2 | sulfoaluminate_clinker
proc.cement.clinker_aluminate.cn         | cn_mee_cement_2024 | clinker | production_factor | CO2 | aluminate_clinker
proc.cement.deduct.ca_oh_2_desulf        | cn_mee_cement_2024 | desulfurization_powder | deduction | CO2 |
proc.cement.deduct.slaked_lime           | cn_mee_cement_2024 | slaked_lime | deduction | CO2 |
proc.cement.deduct.carbide_slag          | cn_mee_cement_2024 | carbide_slag | deduction | CO2 |
proc.cement.deduct.magnesium_slag        | cn_mee_cement_2024 | magnesium_slag | deduction | CO2 |
proc.cement.deduct.paper_white_mud       | cn_mee_cement_2024 | paper_white_mud | deduction | CO2 |
proc.cement.deduct.caf2_sludge           | cn_mee_cement_2024 | calcium_fluoride_sludge | deduction | CO2 |
proc.cement.deduct.phosphorus_slag       | cn_mee_cement_2024 | phosphorus_slag | deduction | CO2 |
proc.cement.deduct.vti_slag              | cn_mee_cement_2024 | vanadium_titanium_slag | deduction | CO2 |
proc.cement.deduct.fly_ash_waste         | cn_mee_cement_2024 | incineration_fly_ash | deduction | CO2 |
proc.cement.deduct.ferroalloy_slag       | cn_mee_cement_2024 | ferroalloy_slag | deduction | CO2 |
proc.cement.deduct.fgd_gypsum            | cn_mee_cement_2024 | fgd_gypsum | deduction | CO2 |
proc.cement.deduct.phosphogypsum         | cn_mee_cement_2024 | phosphogypsum | deduction | CO2 |
proc.cement.deduct.titanogypsum          | cn_mee_cement_2024 | titanogypsum | deduction | CO2 |
proc.cement.deduct.fluorogypsum          | cn_mee_cement_2024 | fluorogypsum | deduction | CO2 |
proc.cement.deduct.citric_residue        | cn_mee_cement_2024 | citric_acid_residue | deduction | CO2 |
proc.cement.deduct.steel_slag            | cn_mee_cement_2024 | steel_slag | deduction | CO2 |
proc.cement.deduct.nickel_slag           | cn_mee_cement_2024 | nickel_slag | deduction | CO2 |
proc.cement.deduct.manganese_slag        | cn_mee_cement_2024 | manganese_slag | deduction | CO2 |
proc.cement.deduct.zinc_slag             | cn_mee_cement_2024 | zinc_slag | deduction | CO2 |
proc.cement.deduct.municipal_sludge      | cn_mee_cement_2024 | sewage_sludge | deduction | CO2 |
proc.cement.deduct.aluminium_slag        | cn_mee_cement_2024 | aluminium_slag | deduction | CO2 |
proc.cement.deduct.pyrite_cinder         | cn_mee_cement_2024 | pyrite_cinder | deduction | CO2 |
proc.cement.deduct.copper_slag           | cn_mee_cement_2024 | copper_slag | deduction | CO2 |
proc.cement.deduct.lead_zinc_slag        | cn_mee_cement_2024 | lead_zinc_slag | deduction | CO2 |
proc.cement.deduct.coal_fly_ash          | cn_mee_cement_2024 | fly_ash | deduction | CO2 |
proc.cement.deduct.red_mud               | cn_mee_cement_2024 | red_mud | deduction | CO2 |
proc.cement.rawmeal_c.cn                 | cn_ndrc_2013_cement | raw_meal | organic_carbon | |
proc.lime.high_calcium.ipcc              | ipcc_2006_ippu | lime | production_factor | CO2 |
proc.lime.dolomitic.ipcc                 | ipcc_2006_ippu | lime | production_factor | CO2 | dolomitic_lime
proc.lime.hydraulic.ipcc                 | ipcc_2006_ippu | lime | production_factor | CO2 | hydraulic_lime
proc.lime.china_provincial               | cn_provincial_2011 | lime | production_factor | CO2 |
proc.glass.ipcc                          | ipcc_2006_ippu | glass | production_factor | CO2 |
proc.soda.trona                          | ipcc_2006_ippu | trona | emission_factor | CO2 |
proc.steel.coke_byproduct.ipcc2019       | ipcc_2019_ippu | coke | production_factor | CO2 |
proc.steel.coke_nonrecovery.ipcc2019     | ipcc_2019_ippu | coke | production_factor | CO2 | non_recovery
proc.steel.sinter.ipcc2019               | ipcc_2019_ippu | sinter | production_factor | CO2 |
proc.steel.pellet.ipcc2019               | ipcc_2019_ippu | iron_ore_pellet | production_factor | CO2 |
proc.steel.iron.ipcc2019                 | ipcc_2019_ippu | pig_iron | production_factor | CO2 |
proc.steel.dri.ipcc2019                  | ipcc_2019_ippu | direct_reduced_iron | production_factor | CO2 |
proc.steel.bof.ipcc2019                  | ipcc_2019_ippu | crude_steel | production_factor | CO2 | basic_oxygen_furnace
proc.steel.eaf.ipcc2019                  | ipcc_2019_ippu | crude_steel | production_factor | CO2 | electric_arc_furnace
proc.steel.ohf.ipcc2019                  | ipcc_2019_ippu | crude_steel | production_factor | CO2 | open_hearth_furnace
proc.steel.ch4_sinter.ipcc2019           | ipcc_2019_ippu | sinter | production_factor | CH4 |
proc.steel.ch4_coke.ipcc2019             | ipcc_2019_ippu | coke | production_factor | CH4 |
proc.steel.ch4_iron.ipcc2019             | ipcc_2019_ippu | pig_iron | production_factor | CH4 |
proc.steel.ch4_dri.ipcc2019              | ipcc_2019_ippu | direct_reduced_iron | production_factor | CH4 |
proc.steel.limestone.ndrc                | cn_ndrc_2013_steel_processes | limestone | emission_factor | CO2 |
proc.steel.dolomite.ndrc                 | cn_ndrc_2013_steel_processes | dolomite | emission_factor | CO2 |
proc.steel.electrode.ndrc                | cn_ndrc_2013_steel_processes | graphite_electrode | emission_factor | CO2 |
proc.steel.pig_iron.ndrc                 | cn_ndrc_2013_steel_processes | pig_iron | emission_factor | CO2 |
proc.steel.dri.ndrc                      | cn_ndrc_2013_steel_processes | direct_reduced_iron | emission_factor | CO2 |
proc.steel.ferronickel.ndrc              | cn_ndrc_2013_steel_processes | ferronickel | emission_factor | CO2 |
proc.steel.ferrochrome.ndrc              | cn_ndrc_2013_steel_processes | ferrochromium | emission_factor | CO2 |
proc.steel.ferromolybdenum.ndrc          | cn_ndrc_2013_steel_processes | ferromolybdenum | emission_factor | CO2 |
proc.steel.fix.steel.ndrc                | cn_ndrc_2013_steel_processes | crude_steel | carbon_as_co2 | |
proc.steel.fix.methanol.ndrc             | cn_ndrc_2013_steel_processes | methanol | carbon_as_co2 | |
proc.steel.fix.pig_iron_sold.ndrc        | cn_ndrc_2013_steel_processes | pig_iron | carbon_as_co2 | |
proc.steel.cc.limestone                  | ipcc_2019_ippu | limestone | carbon_content | |
proc.steel.cc.dolomite                   | ipcc_2019_ippu | dolomite | carbon_content | |
proc.steel.cc.pig_iron                   | ipcc_2019_ippu | pig_iron | carbon_content | |
proc.steel.cc.steel                      | ipcc_2019_ippu | crude_steel | carbon_content | |
proc.steel.cc.dri                        | ipcc_2019_ippu | direct_reduced_iron | carbon_content | |
proc.steel.cc.scrap_steel                | ipcc_2019_ippu | scrap_steel | carbon_content | |
proc.steel.cc.scrap_iron                 | ipcc_2019_ippu | scrap_iron | carbon_content | |
proc.steel.cc.coke                       | ipcc_2019_ippu | coke | carbon_content | |
proc.steel.cc.coking_coal                | ipcc_2019_ippu | coking_coal | carbon_content | |
proc.steel.cc.coal_tar                   | ipcc_2019_ippu | coal_tar | carbon_content | |
proc.steel.cc.eaf_electrode              | ipcc_2019_ippu | graphite_electrode | carbon_content | |
proc.steel.cc.injection_coal             | ipcc_2019_ippu | injection_coal | carbon_content | |
proc.steel.cc.steam_coal                 | ipcc_2019_ippu | bituminous | carbon_content | |
proc.steel.cc.coke_oven_gas              | ipcc_2019_ippu | coke_oven_gas | carbon_content | |
proc.steel.cc.blast_furnace_gas          | ipcc_2019_ippu | blast_furnace_gas | carbon_content | |
proc.steel.cc.converter_gas              | ipcc_2019_ippu | converter_gas | carbon_content | |
proc.steel.cc.natural_gas                | ipcc_2019_ippu | natural_gas | carbon_content | |
proc.steel.cc.charcoal                   | ipcc_2019_ippu | charcoal | carbon_content | |
proc.steel.cc.heavy_oil                  | ipcc_2019_ippu | fuel_oil | carbon_content | |
proc.steel.cc.lpg                        | ipcc_2019_ippu | lpg | carbon_content | |
carb.ipcc_is.coke                        | ipcc_2006_ippu | coke | carbon_content | |
carb.ipcc_is.coking_coal                 | ipcc_2006_ippu | coking_coal | carbon_content | |
carb.ipcc_is.bituminous                  | ipcc_2006_ippu | bituminous | carbon_content | |
carb.ipcc_is.tar                         | ipcc_2006_ippu | coal_tar | carbon_content | |
carb.ipcc_is.cog                         | ipcc_2006_ippu | coke_oven_gas | carbon_content | |
carb.ipcc_is.bfg                         | ipcc_2006_ippu | blast_furnace_gas | carbon_content | |
carb.ipcc_is.ldg                         | ipcc_2006_ippu | converter_gas | carbon_content | |
carb.ipcc_is.ng                          | ipcc_2006_ippu | natural_gas | carbon_content | |
carb.ipcc_is.petcoke                     | ipcc_2006_ippu | petroleum_coke | carbon_content | |
carb.ipcc_is.diesel                      | ipcc_2006_ippu | diesel | carbon_content | |
carb.ipcc_is.limestone                   | ipcc_2006_ippu | limestone | carbon_content | |
carb.ipcc_is.dolomite                    | ipcc_2006_ippu | dolomite | carbon_content | |
carb.ipcc_is.pig_iron                    | ipcc_2006_ippu | pig_iron | carbon_content | |
carb.ipcc_is.steel                       | ipcc_2006_ippu | crude_steel | carbon_content | |
carb.ipcc_is.eaf_electrode               | ipcc_2006_ippu | graphite_electrode | carbon_content | |
carb.ipcc_is.heavy_oil                   | ipcc_2006_ippu | fuel_oil | carbon_content | |
proc.ferroalloy.fesi45                   | ipcc_2006_ippu | ferrosilicon_45 | production_factor | CO2 |
proc.ferroalloy.fesi65                   | ipcc_2006_ippu | ferrosilicon_65 | production_factor | CO2 |
proc.ferroalloy.fesi75                   | ipcc_2006_ippu | ferrosilicon_75 | production_factor | CO2 |
proc.ferroalloy.fesi90                   | ipcc_2006_ippu | ferrosilicon_90 | production_factor | CO2 |
proc.ferroalloy.femn7                    | ipcc_2006_ippu | ferromanganese_7c | production_factor | CO2 |
proc.ferroalloy.femn1                    | ipcc_2006_ippu | ferromanganese_1c | production_factor | CO2 |
proc.ferroalloy.simn                     | ipcc_2006_ippu | silicomanganese | production_factor | CO2 |
proc.ferroalloy.silicon                  | ipcc_2006_ippu | silicon_metal | production_factor | CO2 |
proc.ferroalloy.fecr                     | ipcc_2006_ippu | ferrochromium | production_factor | CO2 |
proc.ferroalloy.ch4.silicon              | ipcc_2006_ippu | silicon_metal | production_factor | CH4 |
proc.ferroalloy.ch4.fesi90               | ipcc_2006_ippu | ferrosilicon_90 | production_factor | CH4 |
proc.ferroalloy.ch4.fesi75               | ipcc_2006_ippu | ferrosilicon_75 | production_factor | CH4 |
proc.ferroalloy.agent.coal               | ipcc_2006_ippu | bituminous | carbon_as_co2 | | ferroalloy_furnace
proc.ferroalloy.agent.coke               | ipcc_2006_ippu | coke | carbon_as_co2 | | ferroalloy_furnace
proc.ferroalloy.agent.petcoke            | ipcc_2006_ippu | petroleum_coke | carbon_as_co2 | | ferroalloy_furnace
proc.ferroalloy.agent.prebaked_electrode | ipcc_2006_ippu | prebaked_electrode | emission_factor | CO2 |
proc.ferroalloy.agent.electrode_paste    | ipcc_2006_ippu | electrode_paste | emission_factor | CO2 |
proc.al.prebake.ipcc                     | ipcc_2006_ippu | aluminium | production_factor | CO2 | cwpb;swpb
proc.al.soderberg.ipcc                   | ipcc_2006_ippu | aluminium | production_factor | CO2 | vss;hss
proc.al.cf4.cwpb.ipcc                    | ipcc_2006_ippu | aluminium | production_factor | CF4 | cwpb
proc.al.c2f6.cwpb.ipcc                   | ipcc_2006_ippu | aluminium | production_factor | C2F6 | cwpb
proc.al.cf4.swpb.ipcc                    | ipcc_2006_ippu | aluminium | production_factor | CF4 | swpb
proc.al.c2f6.swpb.ipcc                   | ipcc_2006_ippu | aluminium | production_factor | C2F6 | swpb
proc.al.cf4.vss.ipcc                     | ipcc_2006_ippu | aluminium | production_factor | CF4 | vss
proc.al.c2f6.vss.ipcc                    | ipcc_2006_ippu | aluminium | production_factor | C2F6 | vss
proc.al.cf4.hss.ipcc                     | ipcc_2006_ippu | aluminium | production_factor | CF4 | hss
proc.al.c2f6.hss.ipcc                    | ipcc_2006_ippu | aluminium | production_factor | C2F6 | hss
proc.al.slope.cwpb                       | ipcc_2006_ippu | aluminium | slope | CF4 | cwpb
proc.al.ratio.cwpb                       | ipcc_2006_ippu | aluminium | ratio | C2F6 | cwpb
proc.al.slope.swpb                       | ipcc_2006_ippu | aluminium | slope | CF4 | swpb
proc.al.ratio.swpb                       | ipcc_2006_ippu | aluminium | ratio | C2F6 | swpb
proc.al.slope.vss                        | ipcc_2006_ippu | aluminium | slope | CF4 | vss
proc.al.ratio.vss                        | ipcc_2006_ippu | aluminium | ratio | C2F6 | vss
proc.al.slope.hss                        | ipcc_2006_ippu | aluminium | slope | CF4 | hss
proc.al.ratio.hss                        | ipcc_2006_ippu | aluminium | ratio | C2F6 | hss
proc.al.anode.ndrc                       | cn_ndrc_2013_aluminium | aluminium | net_anode | |
proc.al.anode_s                          | cn_ndrc_2013_aluminium | carbon_anode | sulfur | |
proc.al.anode_ash                        | cn_ndrc_2013_aluminium | carbon_anode | ash | |
proc.al.cf4.ndrc                         | cn_ndrc_2013_aluminium | aluminium | production_factor | CF4 |
proc.al.c2f6.ndrc                        | cn_ndrc_2013_aluminium | aluminium | production_factor | C2F6 |
proc.al.limestone.ndrc                   | cn_ndrc_2013_aluminium | limestone | emission_factor | CO2 |
proc.al.anode.new                        | cn_mee_aluminium_2024 | aluminium | net_anode | |
proc.mg.dolomite.ipcc                    | ipcc_2006_ippu | magnesium | production_factor | CO2 | dolomite_route
proc.mg.magnesite.ipcc                   | ipcc_2006_ippu | magnesium | production_factor | CO2 | magnesite_route
proc.mg.sf6                              | ipcc_2006_ippu | magnesium_casting | production_factor | SF6 |
proc.mg.dolomite.ndrc                    | cn_ndrc_2013_magnesium | dolomite | emission_factor | CO2 |
proc.mg.fesi.ndrc                        | cn_ndrc_2013_magnesium | ferrosilicon_75 | production_factor | CO2 |
proc.zinc_default                        | ipcc_2006_ippu | zinc | production_factor | CO2 |
proc.zinc_waelz                          | ipcc_2006_ippu | zinc | production_factor | CO2 | waelz_kiln
proc.zinc_pyro                           | ipcc_2006_ippu | zinc | production_factor | CO2 | imperial_smelting
proc.lead_default                        | ipcc_2006_ippu | lead | production_factor | CO2 |
proc.lead_isf                            | ipcc_2006_ippu | lead | production_factor | CO2 | imperial_smelting
proc.lead_direct                         | ipcc_2006_ippu | lead | production_factor | CO2 | direct_smelting
proc.lead_secondary                      | ipcc_2006_ippu | lead | production_factor | CO2 | secondary
proc.nh3.modern_ng                       | ipcc_2006_ippu | ammonia | production_factor | CO2 | steam_reforming_modern
proc.nh3.avg_ng                          | ipcc_2006_ippu | ammonia | production_factor | CO2 | steam_reforming
proc.nh3.coal                            | ipcc_2006_ippu | ammonia | production_factor | CO2 | partial_oxidation
proc.urea.recovered                      | ipcc_2006_ippu | urea | emission_factor | CO2 |
proc.hno3.high.ndrc                      | cn_ndrc_2013_chemicals | nitric_acid | production_factor | N2O | high_pressure
proc.hno3.medium.ndrc                    | cn_ndrc_2013_chemicals | nitric_acid | production_factor | N2O | medium_pressure
proc.hno3.atmospheric.ndrc               | cn_ndrc_2013_chemicals | nitric_acid | production_factor | N2O | atmospheric_pressure
proc.hno3.dual.ndrc                      | cn_ndrc_2013_chemicals | nitric_acid | production_factor | N2O | dual_pressure
proc.hno3.combined.ndrc                  | cn_ndrc_2013_chemicals | nitric_acid | production_factor | N2O | combined_pressure
proc.hno3.low.ndrc                       | cn_ndrc_2013_chemicals | nitric_acid | production_factor | N2O | low_pressure
proc.hno3.nscr.ndrc                      | cn_ndrc_2013_chemicals | nitric_acid | removal | N2O | nscr
proc.hno3.nscr.ipcc                      | ipcc_2006_ippu | nitric_acid | production_factor | N2O | nscr
proc.hno3.integrated.ipcc                | ipcc_2006_ippu | nitric_acid | production_factor | N2O | integrated_destruction
proc.hno3.atm.ipcc                       | ipcc_2006_ippu | nitric_acid | production_factor | N2O | atmospheric_pressure
proc.hno3.medium.ipcc                    | ipcc_2006_ippu | nitric_acid | production_factor | N2O | medium_pressure
proc.hno3.high.ipcc                      | ipcc_2006_ippu | nitric_acid | production_factor | N2O | high_pressure
proc.adipic.ipcc                         | ipcc_2006_ippu | adipic_acid | production_factor | N2O |
proc.caprolactam                         | ipcc_2006_ippu | caprolactam | production_factor | N2O |
proc.cac2.prod                           | ipcc_2006_ippu | calcium_carbide | production_factor | CO2 |
proc.cac2.use                            | ipcc_2006_ippu | calcium_carbide | emission_factor | CO2 |
proc.cac2.ndrc                           | cn_provincial_2011 | calcium_carbide | production_factor | CO2 |
proc.hcfc22                              | ipcc_2006_ippu | hcfc22 | production_factor | HFC23 |
proc.methanol.csr                        | ipcc_2006_ippu | methanol | production_factor | CO2 | steam_reforming
proc.methanol.csr_b                      | ipcc_2006_ippu | methanol | production_factor | CO2 | steam_reforming_primary_b
proc.methanol.csr_nh3                    | ipcc_2006_ippu | methanol | production_factor | CO2 | steam_reforming_with_ammonia
proc.methanol.lurgi                      | ipcc_2006_ippu | methanol | production_factor | CO2 | steam_reforming_lurgi
proc.methanol.pox_hardcoal               | ipcc_2006_ippu | methanol | production_factor | CO2 | partial_oxidation_hard_coal
proc.methanol.pox_lignite                | ipcc_2006_ippu | methanol | production_factor | CO2 | partial_oxidation_lignite
proc.methanol.pox_oil                    | ipcc_2006_ippu | methanol | production_factor | CO2 | partial_oxidation_oil
proc.methanol.ch4                        | ipcc_2006_ippu | methanol | production_factor | CH4 |
proc.ethylene.naphtha                    | ipcc_2006_ippu | ethylene | production_factor | CO2 | naphtha_cracking
proc.ethylene.gas_oil                    | ipcc_2006_ippu | ethylene | production_factor | CO2 | gas_oil_cracking
proc.ethylene.ethane                     | ipcc_2006_ippu | ethylene | production_factor | CO2 | ethane_cracking
proc.ethylene.propane                    | ipcc_2006_ippu | ethylene | production_factor | CO2 | propane_cracking
proc.ethylene.butane                     | ipcc_2006_ippu | ethylene | production_factor | CO2 | butane_cracking
proc.chem.edc                            | ipcc_2006_ippu | ethylene_dichloride | production_factor | CO2 |
proc.chem.vcm                            | ipcc_2006_ippu | vinyl_chloride | production_factor | CO2 |
proc.chem.eo_75                          | ipcc_2006_ippu | ethylene_oxide | production_factor | CO2 | air_process_75
proc.chem.eo_80                          | ipcc_2006_ippu | ethylene_oxide | production_factor | CO2 | selectivity_80
proc.chem.eo_85                          | ipcc_2006_ippu | ethylene_oxide | production_factor | CO2 | oxygen_process_85
proc.chem.carbon_black                   | ipcc_2006_ippu | carbon_black | production_factor | CO2 |
proc.cc.acetonitrile                     | cn_ndrc_2013_chemicals | acetonitrile | carbon_content | |
proc.cc.acrylonitrile                    | cn_ndrc_2013_chemicals | acrylonitrile | carbon_content | |
proc.cc.butadiene                        | cn_ndrc_2013_chemicals | butadiene | carbon_content | |
proc.cc.carbon_black                     | cn_ndrc_2013_chemicals | carbon_black | carbon_content | |
proc.cc.ethylene                         | cn_ndrc_2013_chemicals | ethylene | carbon_content | |
proc.cc.edc                              | cn_ndrc_2013_chemicals | ethylene_dichloride | carbon_content | |
proc.cc.ethylene_glycol                  | cn_ndrc_2013_chemicals | ethylene_glycol | carbon_content | |
proc.cc.ethylene_oxide                   | cn_ndrc_2013_chemicals | ethylene_oxide | carbon_content | |
proc.cc.hcn                              | cn_ndrc_2013_chemicals | hydrogen_cyanide | carbon_content | |
proc.cc.methanol                         | cn_ndrc_2013_chemicals | methanol | carbon_content | |
proc.cc.methane                          | cn_ndrc_2013_chemicals | methane | carbon_content | |
proc.cc.ethane                           | cn_ndrc_2013_chemicals | ethane | carbon_content | |
proc.cc.propane                          | cn_ndrc_2013_chemicals | propane | carbon_content | |
proc.cc.propylene                        | cn_ndrc_2013_chemicals | propylene | carbon_content | |
proc.cc.vcm                              | cn_ndrc_2013_chemicals | vinyl_chloride | carbon_content | |
proc.cc.urea                             | cn_ndrc_2013_chemicals | urea | carbon_content | |
proc.cc.nh4hco3                          | cn_ndrc_2013_chemicals | ammonium_bicarbonate | carbon_content | |
proc.cc.cac2                             | cn_ndrc_2013_chemicals | calcium_carbide | carbon_content | |
proc.coal.opencast                       | cn_ndrc_2014_coal | raw_coal | production_factor | CH4 | opencast_mine
proc.coal.post_high                      | cn_ndrc_2014_coal | raw_coal | production_factor | CH4 | post_mining_high_gas
proc.coal.post_low                       | cn_ndrc_2014_coal | raw_coal | production_factor | CH4 | post_mining_low_gas
proc.coal.post_open                      | cn_ndrc_2014_coal | raw_coal | production_factor | CH4 | post_mining_opencast
"""

# Rows that make no factor, and why.
LEFT_OUT = {
    "proc.cement.clinker.ipcc": "0.65 t CaO x 44/56 is made from the CaO row",
    "proc.cement.clinker_ckd.ipcc": "the same with the kiln dust factor",
    "proc.cement.mgo_cao.cn": "44/56 and 44/40 are the method",
    "proc.lime.cao_stoich": "44/56 is the method",
    "proc.lime.mgo_stoich": "44/40 is the method",
    "proc.al.anode_loss": "turns gross into net anode consumption: state the net one",
    "proc.sf6.equipment": "a formula without a value",
    "proc.refrigerant.massbalance": "a convention of the mass-balance method",
}

UNITS = {
    "tCO2/t": "t/t", "tCO2/t clinker": "t/t", "tCO2/t material": "t/t", "tCO2/t lime": "t/t",
    "tCO2/t melted glass": "t/t", "tCO2/t trona": "t/t", "tCO2/t coke": "t/t", "tCO2/t sinter": "t/t",
    "tCO2/t pellet": "t/t", "tCO2/t pig iron": "t/t", "tCO2/t DRI": "t/t", "tCO2/t steel": "t/t",
    "tCO2/t product": "t/t", "tCO2/t agent": "t/t", "tCO2/t Al": "t/t", "tCO2/t limestone": "t/t",
    "tCO2/t Mg": "t/t", "tCO2/t dolomite": "t/t", "tCO2/t FeSi": "t/t", "tCO2/t metal": "t/t",
    "tCO2/t NH3": "t/t", "tCO2/t urea": "t/t", "tCO2/t CaC2": "t/t", "tCO2/t methanol": "t/t",
    "tCO2/t ethylene": "t/t", "tCH4/t coke": "t/t", "t/t HCFC-22": "t/t",
    "kgCH4/t sinter": "kg/t", "kgCH4/t pig iron": "kg/t", "kgCH4/t DRI": "kg/t", "kgCH4/t": "kg/t",
    "kgCH4/t methanol": "kg/t", "kgCH4/t raw coal": "kg/t", "kgCF4/t Al": "kg/t", "kgC2F6/t Al": "kg/t",
    "kgSF6/t Mg cast": "kg/t", "kgN2O/t HNO3": "kg/t", "kgN2O/t adipic acid": "kg/t", "kgN2O/t": "kg/t",
    "(kgCF4/t Al)/(AE-min/cell-day)": "kg/t/min", "kg/kg": "kg/kg",
    "tC/t": "t/t", "tC/t Al": "t/t", "tC/t raw meal": "t/t", "t CaO/t clinker": "t/t", "t clinker/t cement": "t/t",
    "ratio": "1", "fraction": "1", "mass fraction": "1",
}

TRANSCRIPTION = ("confirmed by look-up (package transcription, mainly bonsai_ipcc; "
                 "IPCC text not read)")
CONFIDENCE = {
    TRANSCRIPTION: "transcription",
    "confirmed by look-up (secondary copy)": "secondary",
    "confirmed by look-up (secondary copy: public mapping of the standard)": "secondary",
    "derived arithmetic": "derived",
    "from memory, unconfirmed": "unconfirmed",
}
REGIONS = {"global": "global", "China": "cn", "W. Europe": "europe.west", "": "global",
           "US blends as default": "global"}

# What the source says of many rows at once stands in the note of the family.
SAID_ONCE = {
    "official avoided-calcination credit for industrial by-products; one public implementation",
    "one public implementation; official PDF not readable here",
    "table prints 0.0139 t/t etc.",
    "25 % uncertainty; some 2006 copies print 1.6 for FeCr with sinter plant",
    "30 % uncertainty; Asia excluding Japan factor 1.30 (from memory)",
    "IPCC prints hard coal 5.285 as default; 30 % uncertainty",
    "2006 edition differs (coke 0.56, sinter 0.20, pellet 0.03, iron 1.35, BOF 1.46, EAF 0.08)",
    "2006 edition prints pig iron 0.04, electrode 0.82, limestone 0.12",
    "equals 2.0, 3.0, 0.9, 0.5 m3/t",
}

OWN_NOTES = {
    "proc.urea.recovered": "released where urea is hydrolysed (SCR, fertilizer); 44/60 of the recovered CO2",
    "proc.al.limestone.ndrc": "implies 92 % CaCO3: per tonne as charged, state no carbonate share with it",
    "proc.glass.ipcc": "cullet is deducted at the same factor; IPCC gives 60 % uncertainty",
    "proc.nh3.avg_ng": "average of natural gas and partial oxidation; before subtraction of CO2 recovered for urea",
}

FACTS = "Figures are facts and are quoted with their source; no text of the document is reproduced."
NDRC = "National Development and Reform Commission (NDRC) of China"
MEE = "Ministry of Ecology and Environment (MEE) of China"
IPCC = "Intergovernmental Panel on Climate Change (IPCC)"

# id: title_en, title_zh, publisher, edition, citation, note
FAMILIES = {
    "ipcc_2006_ippu": (
        "IPCC 2006 Guidelines, Volume 3: industrial processes and product use",
        "IPCC 2006年国家温室气体清单指南 第3卷 工业过程与产品使用",
        IPCC, "2006",
        "IPCC (2006). 2006 IPCC Guidelines for National Greenhouse Gas Inventories, Volume 3: Industrial "
        "Processes and Product Use. IGES, Japan.",
        ["Copied from package transcriptions (mainly bonsai_ipcc 0.5.3); the IPCC text was not read. Rows from "
         "memory (nitric and adipic acid, ammonia, carbide, lime, glass) are unconfirmed.",
         "Carbonate factors are per tonne of pure carbonate.",
         "Clinker goes by its CaO (0.65, all from carbonate) and the kiln dust factor 1.02.",
         "Ethylene is for Western Europe; other regions need a regional factor, so the rows fit there only.",
         "Ferroalloys: 25 % uncertainty; some copies print 1.6 for ferrochromium with sinter plant. "
         "Methanol and ethylene: 30 %.",
         "Carbon contents are those of volume 3, table 4.3, for carbon balances; they have no oxidation factor.",
         "Aluminium techniques: cwpb, swpb (prebaked), vss, hss (Soederberg). SF6 of magnesium goes by what is cast; "
         "bonsai_ipcc labels its unit t/t, the guideline has kg/t."],
    ),
    "ipcc_2019_ippu": (
        "IPCC 2019 Refinement, Volume 3: iron and steel",
        "IPCC 2006年指南 2019年修订 第3卷:钢铁",
        IPCC, "2019",
        "IPCC (2019). 2019 Refinement to the 2006 IPCC Guidelines for National Greenhouse Gas Inventories, Volume 3. "
        "IPCC, Switzerland.",
        ["Copied from package transcriptions (mainly bonsai_ipcc 0.5.3); the IPCC text was not read.",
         "The 2006 edition differs (coke 0.56, sinter 0.20, pellet 0.03, iron 1.35, BOF 1.46, EAF 0.08; carbon of "
         "pig iron 0.04, electrode 0.82, limestone 0.12).",
         "Pig iron counts only where it is not converted to steel in the park: the factor of steel holds its iron."],
    ),
    "cn_gbt32151_2024_carbonates": (
        "GB/T 32151-2024: CO2 factors of carbonates",
        "GB/T 32151-2024 碳酸盐排放因子缺省值",
        "Standardization Administration of China (SAC)", "2024",
        "GB/T 32151.34-2024, Requirements of the greenhouse gas emission accounting and reporting, Table C.2; the "
        "parts for power, paper, food and steel print the same.",
        ["Per tonne of pure carbonate; read in a public mapping of the standard.",
         "Older NDRC tables print 0.596 for lithium carbonate."],
    ),
    "cn_mee_cement_2024": (
        "MEE guideline for cement clinker enterprises: process factors and deductions",
        "企业温室气体排放核算与报告指南 水泥行业:熟料过程排放因子与扣减系数",
        MEE, "2024",
        "MEE (2024). Guideline on enterprise greenhouse gas emission accounting and reporting: cement clinker "
        "(inclusion in the national market 2024-2025), default process factors and deduction coefficients.",
        ["Seen in one public implementation; the official document was not readable.",
         "Deductions are for raw materials without carbonate and belong to the default factor of clinker; the "
         "source prints them with a minus sign. With measured oxides nothing is deducted."],
    ),
    "cn_ndrc_2013_steel_processes": (
        "NDRC 2013 guideline for iron and steel producers: process factors and carbon in products",
        "中国钢铁生产企业温室气体排放核算方法与报告指南(试行):过程排放因子与固碳因子",
        NDRC, "2013",
        "NDRC (2013). Guideline on accounting and reporting of greenhouse gas emissions of iron and steel producers in "
        "China (trial), Annex 2 Tables 2 and 3.",
        ["Table 2 is per tonne charged. Table 3 (carbon that stays in steel, pig iron, methanol) is written as "
         "carbon_as_co2; the source prints deductions with a minus sign."],
    ),
    "cn_ndrc_2013_chemicals": (
        "NDRC 2013 guideline for chemical producers: nitric acid and carbon in products",
        "中国化工生产企业温室气体排放核算方法与报告指南(试行):硝酸与产品含碳量",
        NDRC, "2013",
        "NDRC (2013). Guideline on accounting and reporting of greenhouse gas emissions of chemical producers in China "
        "(trial), Annex 2 Tables 2.2, 2.4 and 2.5.",
        ["Nitric acid is without abatement of N2O in the tail gas; the table prints 0.0139 t/t and so on. Removal of N2O "
         "counts only where parameters.csv states it with its utilization; SCR of NOx and extended absorption: 0.",
         "Carbon contents are the same as in IPCC 2006 Vol 3 Table 3.10."],
    ),
    "cn_ndrc_2013_aluminium": (
        "NDRC 2013 guideline for electrolytic aluminium",
        "中国电解铝生产企业温室气体排放核算方法与报告指南(试行)",
        NDRC, "2013",
        "NDRC (2013). Guideline on accounting and reporting of greenhouse gas emissions of electrolytic aluminium "
        "producers in China (trial).",
        ["One public implementation prints 0.034 for C2F6, tenfold: the row 0.0034 is from memory and unconfirmed."],
    ),
    "cn_mee_aluminium_2024": (
        "MEE guideline for aluminium smelting: net anode consumption",
        "企业温室气体排放核算与报告指南 铝冶炼:吨铝炭阳极净耗",
        MEE, "2024",
        "MEE (2022, revised 2024). Guideline on enterprise greenhouse gas emission accounting and reporting: aluminium "
        "smelting.",
        ["Two public copies by one author."],
    ),
    "cn_ndrc_2013_magnesium": (
        "NDRC 2013 guideline for magnesium smelting",
        "中国镁冶炼企业温室气体排放核算方法与报告指南(试行)",
        NDRC, "2013",
        "NDRC (2013). Guideline on accounting and reporting of greenhouse gas emissions of magnesium smelters in China "
        "(trial).",
        ["All rows are from memory and unconfirmed."],
    ),
    "cn_ndrc_2013_cement": (
        "NDRC 2013 guideline for cement producers: organic carbon of the raw meal",
        "中国水泥生产企业温室气体排放核算方法与报告指南(试行):生料非燃料碳",
        NDRC, "2013",
        "NDRC (2013). Guideline on accounting and reporting of greenhouse gas emissions of cement producers in China "
        "(trial).",
        ["From memory and unconfirmed: 0.1 %, 0.3 % where coal gangue or high-carbon fly ash is fed."],
    ),
    "cn_ndrc_2014_coal": (
        "NDRC 2014 guideline for coal producers: methane of opencast mines and after mining",
        "中国煤炭生产企业温室气体排放核算方法与报告指南(试行):甲烷",
        NDRC, "2014",
        "NDRC (2014). Guideline on accounting and reporting of greenhouse gas emissions of coal producers in China "
        "(trial), Annex.",
        ["Printed as 2.0, 3.0, 0.9 and 0.5 m3/t with 0.67 kg/m3."],
    ),
    "cn_provincial_2011": (
        "Provincial greenhouse gas inventory guide of China (trial, 2011): lime and carbide",
        "省级温室气体清单编制指南(试行):石灰与电石",
        NDRC, "2011",
        "NDRC (2011). Provincial greenhouse gas inventory guide (trial), Tables 2.2 and 2.4.",
        ["All rows are from memory and unconfirmed."],
    ),
}


def mapping():
    """ROWS as {source id: (family, carrier, parameter, gas, [technique])}."""
    table = {}
    for line in ROWS.strip().splitlines():
        source, family, carrier, parameter, gas, techniques = (cell.strip() for cell in (line + " ").split("|"))
        if source in table or source in LEFT_OUT:
            raise ImportFailure(f"{source} is mapped twice")
        table[source] = (family, carrier, parameter, gas, techniques.split(";"))
    return table


def note_of(record):
    """What the source says of the row alone, and its basis."""
    if record["id"] in OWN_NOTES:
        return OWN_NOTES[record["id"]]
    parts = ["blends of the United States"] if record.get("region") == "US blends as default" else []
    for text in (record.get("basis", ""), record["notes"]):
        if text and text not in SAID_ONCE:
            parts.append(text)
    return "; ".join(parts)


def factor_rows(record, entry):
    family, carrier, parameter, gas, techniques = entry
    value = record["value"]
    if parameter in ("deduction", "carbon_as_co2"):
        value = value.removeprefix("-")
    elif record["id"] == "proc.urea.recovered":
        value = value.removeprefix("-")
    if value.startswith("-"):
        raise ImportFailure(f"{record['id']}: negative value")
    note = note_of(record)
    if parameter == "deduction":
        note = record["process"].split(": ", 1)[1]
    for technique in techniques:
        row = dict.fromkeys(COLUMNS, "")
        row.update({
            "id": ".".join(filter(None, (family, carrier, parameter, gas, technique))),
            "carrier": carrier, "parameter": parameter, "gas": gas, "technique": technique,
            "value": value, "unit": look_up(UNITS, record["unit"], "unit"),
            "lower": record["lower"], "upper": record["upper"],
            "source": record["source"], "table": record["table"], "edition": record["version"],
            "region": look_up(REGIONS, record.get("region", "global"), "region"),
            "confidence": look_up(CONFIDENCE, record["confidence"], "confidence wording"),
            "note": note,
        })
        if carrier == "charcoal":
            row["biogenic"] = "yes"
        yield family, row


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(family, rows):
    folder = HERE / family
    folder.mkdir(exist_ok=True)
    title_en, title_zh, publisher, edition, citation, note = FAMILIES[family]
    keys = {"id": family, "title_en": title_en, "title_zh": title_zh, "publisher": publisher, "edition": edition,
            "co2_carbon_ratio": "44/12", "citation": citation, "licence": FACTS}
    lines = [f"{key} = {quote(value)}" for key, value in keys.items()]
    lines += ['note = """', *note, '"""']
    (folder / "family.toml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    with (folder / "factors.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["id"]))


def run(shared):
    table = mapping()
    carriers = {row["id"] for row in read_csv(HERE / "carriers.csv")}
    records = read_csv(shared / "factors/processes.csv")
    records += [r for r in read_csv(shared / "factors/balance.csv") if r["id"].startswith("carb.ipcc_is.")]
    families = {family: [] for family in FAMILIES}
    for record in records:
        source = record["id"]
        if source in LEFT_OUT:
            print(f"not written: {source}: {LEFT_OUT[source]}", file=sys.stderr)
            continue
        entry = look_up(table, source, "row")
        if entry[1] not in carriers:
            raise ImportFailure(f"{source}: carrier {entry[1]!r} is not in carriers.csv")
        for family, row in factor_rows(record, entry):
            families[family].append(row)
    if missing := set(table) - {record["id"] for record in records}:
        raise ImportFailure(f"rows that are gone: {sorted(missing)}")
    for family, rows in families.items():
        ids = [row["id"] for row in rows]
        if len(set(ids)) != len(ids):
            raise ImportFailure(f"{family}: an id twice")
        write(family, rows)
        print(f"{family}: {len(rows)} rows")


if __name__ == "__main__":
    main(run)
