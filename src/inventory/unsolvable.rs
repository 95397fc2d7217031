//! A part of the network that has no solution, by the names of its processes and carriers, with cause and mend.

use crate::balance::intensity::{Cause, Unsolvable};
use crate::diagnostic::{Diagnostic, Origin, Problem, Words};
use crate::park::{CarrierId, Park, ProcessId};
use crate::quantity::significant;
use std::collections::BTreeSet;

/// What is said of it; `processes` and `products` name the numbers of the network.
pub(super) fn report(
    park: &Park,
    processes: &[ProcessId],
    products: &[(ProcessId, CarrierId)],
    part: &Unsolvable,
) -> Diagnostic {
    let mut nodes: Vec<&str> = part.processes.iter().map(|&p| &*park.process(processes[p]).label.id).collect();
    nodes.sort_unstable();
    let named: BTreeSet<CarrierId> = part.outputs.iter().map(|&k| products[k].1).collect();
    let (nodes, carriers) = (nodes.join(", "), names(park, &named));
    let (cause, mend) = words(part.cause, &carriers);
    let first = part.processes.iter().map(|&p| processes[p]).min().unwrap_or(ProcessId::new(0));
    let problem = Problem::IntensityUnsolvable { nodes, carriers, cause, mend };
    Diagnostic::new(problem, process_origin(park, first))
}

/// The cause alone, in both languages.
pub(super) fn cause(park: &Park, cause: Cause, carriers: impl IntoIterator<Item = CarrierId>) -> Words {
    words(cause, &names(park, &carriers.into_iter().collect())).0
}

fn names(park: &Park, carriers: &BTreeSet<CarrierId>) -> Words {
    let ids: Vec<&str> = carriers.iter().map(|&c| &*park.carrier(c).label.id).collect();
    let names: Vec<String> = carriers.iter().map(|&c| park.carrier(c).thing().zh().trim().to_owned()).collect();
    Words::new(ids.join(", "), names.join("、"))
}

/// Cause and mend in both languages.
fn words(cause: Cause, carriers: &Words) -> (Words, Words) {
    let Words { en, zh } = carriers;
    match cause {
        Cause::ZeroThroughput => (
            Words::new(
                format!("{en} bears a share of the emission, and none of it leaves usefully"),
                format!("{zh} 分摊了排放，却没有有效送出量"),
            ),
            Words::new(
                format!("give the flow rows of {en}, or take it out of outputs.csv"),
                format!("请补充{zh}的流量行，或从 outputs.csv 中删去"),
            ),
        ),
        Cause::CreditBeyondOutput => (
            Words::new(
                format!("more of {en} comes back than is delivered: the credit is larger than the output"),
                format!("{zh} 的返回量大于送出量：抵扣大于产出"),
            ),
            Words::new(
                "check the condensate that is returned and the meters of what is delivered",
                "请核对返回的凝结水与送出量的计量",
            ),
        ),
        Cause::SharesNotOne(sum) => (
            Words::new(
                format!("the shares add up to {}", significant(sum, 6)),
                format!("份额之和为 {}", significant(sum, 6)),
            ),
            Words::new("make the shares in outputs.csv add up to 1", "请使 outputs.csv 中的份额之和为 1"),
        ),
        Cause::NothingLeaves => (
            Words::new(
                "they feed each other and nothing leaves the loop for a use outside it, so that what is emitted in it would go round for ever",
                "它们互相供应，环路没有任何对外送出，其中的排放将无限循环",
            ),
            Words::new(
                "record all that leaves the loop: sales, exports, what other processes take (what goes to outside:loss bears nothing)",
                "请补充环路的全部送出：销售、输出、其他工序的用量（送往 outside:loss 的不承担排放）",
            ),
        ),
        Cause::MoreTakenThanGiven => (
            Words::new("they take more of each other's products than these give", "它们互相取用的量大于送出的量"),
            Words::new("set the meters of sellers and buyers against each other", "请核对买卖双方的计量"),
        ),
        Cause::NotANumber => (
            Words::new("a number is missing or beyond all measure", "有数值缺失或超出范围"),
            Words::new("check the quantities of these processes", "请核对这些工序的数量"),
        ),
    }
}

/// Where a process is declared.
pub(super) fn process_origin(park: &Park, process: ProcessId) -> Origin {
    let process = park.process(process);
    match process.row {
        Some(row) => Origin::row("processes.csv", row),
        None => Origin::row("enterprises.csv", park.enterprise(process.enterprise).row),
    }
}
