//! The first sheet: how to fill the workbook, in both languages.

use super::{Form, head, sheet_name};
use crate::diagnostic::Lang;
use crate::package::Error;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

pub(super) fn write(sheet: &mut Worksheet, form: &Form) -> Result<(), Error> {
    sheet.set_name(form.lang.pick("README", "说明"))?;
    sheet.set_column_width(0, 18)?;
    sheet.set_column_width(1, 100)?;
    sheet.set_column_width(2, 100)?;
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut row = 0;
    // A firm's book is Chinese first whatever the language of the office.
    let order = if form.firm.is_some() || form.lang == Lang::Zh { [Lang::Zh, Lang::En] } else { [Lang::En, Lang::Zh] };
    for lang in order {
        for (i, line) in lines(form, lang).iter().enumerate() {
            if i == 0 {
                sheet.write_string_with_format(row, 1, line, &Format::new().set_bold().set_font_size(14))?;
            } else {
                sheet.write_string_with_format(row, 0, format!("{i}"), &text)?;
                sheet.write_string_with_format(row, 1, line, &text)?;
            }
            row += 1;
        }
        row += 1;
    }
    let [first, second] = order;
    let titles =
        [form.lang.pick("sheet", "工作表"), first.pick("what it holds", "内容"), second.pick("what it holds", "内容")];
    for (column, title) in (0..).zip(titles) {
        sheet.write_string_with_format(row, column, title, &head(false))?;
    }
    for (table, _) in &form.tables {
        row += 1;
        let say = |lang: Lang| {
            let must = if table.required { lang.pick("Compulsory. ", "必填。") } else { "" };
            format!("{must}{}", lang.pick(table.doc.0, table.doc.1))
        };
        sheet.write_string_with_format(row, 0, sheet_name(table, form.lang), &text)?;
        sheet.write_string_with_format(row, 1, say(first), &text)?;
        sheet.write_string_with_format(row, 2, say(second), &text)?;
    }
    sheet.set_active(true);
    Ok(())
}

/// The title and the numbered sentences.
fn lines(form: &Form, lang: Lang) -> Vec<String> {
    let head = match (&form.firm, lang) {
        (None, Lang::En) => "Workbook of an industrial park, for parkflux".to_owned(),
        (None, Lang::Zh) => "园区数据工作簿（parkflux）".to_owned(),
        (Some(firm), Lang::En) => format!("Workbook of {}, for the park's inventory", firm.title(lang)),
        (Some(firm), Lang::Zh) => format!("{} 填报工作簿（园区温室气体清单）", firm.title(lang)),
    };
    let common = [
        (
            "An orange header marks a column that each row must fill. Rest the pointer on a header to read what it means.",
            "橙色表头的列为必填列。将鼠标停在表头上可看到含义。",
        ),
        (
            "Two header rows stand above the data: leave them as they are. Data begin in row 3; rows may be added at the end.",
            "数据上方有两行表头，请勿改动。数据从第 3 行开始，可在末尾加行。",
        ),
        (
            "Carriers, uses and the like are chosen from drop-down lists; the hidden sheet 'lists' gives their names.",
            "载体、用途等从下拉列表中选取；隐藏的“列表”工作表给出名称。",
        ),
        (
            "An empty quantity means unmeasured, never zero. Write 0 only where it was measured to be zero.",
            "数量留空表示未计量，而不是零。只有确为零时才填 0。",
        ),
        (
            "Periods are years (2024) or months (2024-03). A unit is a unit and names no substance: t, 万t, kWh, 万Nm3, GJ.",
            "时段为年（2024）或月（2024-03）。单位栏只填单位，不含物质名称：t、万t、kWh、万Nm3、GJ。",
        ),
    ];
    let park = [
        (
            "The rows in it are a small example that works: replace them by your own. Sheets you do not need may stay empty.",
            "表中的行是一个可运行的小例子，请换成自己的数据。用不到的工作表可以留空。",
        ),
        (
            "Begin with 'park' (settings) and 'enterprises'; then 'flows', or 'emissions' where only filed reports exist.",
            "先填“园区”（设置）与“企业”，再填“流量”；只有已提交报告时填“排放”。",
        ),
    ];
    let check = ("When it is filled: parkflux check FILE.xlsx", "填好后运行：parkflux check 文件.xlsx");
    let firm = [
        (
            "Fill only what is yours. The sheet 'park' is for information and locked.",
            "只填本企业的数据。“园区”工作表供参考，已锁定。",
        ),
        (
            "Rows that the park office already holds stand in it: mend what is wrong, by your own documents and meters; what you leave as it is you confirm. A row between you and another firm stands in both books: if both mend it, both corrections are kept, as the reading of the sender and that of the receiver. A row with nothing but an id is not read.",
            "园区已掌握的行已预先填入：有误请按本企业的单据和表计更正，未改动的行视为认可。与其他企业之间的行在双方工作簿中都有：若双方都更正，两个更正都会保留，分别作为送出方和接收方的读数。只有编号的行不会读取。",
        ),
        (
            "Each new row takes one of the ids that stand ready; further ids begin with the id of your firm too.",
            "新的行使用预先排好的编号；另加编号时也以本企业编号开头。",
        ),
        (
            "What passes between you and another firm and does not stand here yet: report your own meter in a new row, even if the other firm reports it too. Choose both ends from the list, the other firm's process where you know it. If such a row does stand here and your meter shows something else, mend that row or add your reading as a new row, not both. The readings of the two ends are kept side by side and never added up.",
            "与其他企业之间、此处尚无的流量：用新的行填报本企业表计读数，对方是否填报均可。收发两端从列表中选取，知道对方工序时选到工序。此处已有该流量而本企业读数不同时，更正该行，或另用新行填报本企业读数，二者只选其一。两端的读数并列保留，不会相加。",
        ),
        ("Send the workbook back to the park office under the name it has.", "填好后请保持文件名不变，交回园区。"),
    ];
    let own: Vec<(&str, &str)> = match form.firm {
        None => park.into_iter().chain(common).chain([check]).collect(),
        Some(_) => firm.into_iter().chain(common).collect(),
    };
    std::iter::once(head).chain(own.into_iter().map(|(en, zh)| lang.pick(en, zh).to_owned())).collect()
}
