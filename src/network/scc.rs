//! Strongly connected components.

use super::pattern::NONE;

/// Splits a directed graph into its strongly connected components, in an order
/// in which every arc between components points from a later component to an
/// earlier one: solve in this order and all that a node points to is known.
///
/// `arcs[v]` lists the heads of the arcs that leave `v`; heads beyond the number
/// of nodes are ignored.
#[must_use]
pub fn strong_components(arcs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let head = |v: usize, k: usize| arcs[v].get(k).map(|&w| u32::try_from(w).unwrap_or(NONE));
    let (order, starts) = components(arcs.len(), head);
    let nodes = |pair: &[u32]| order[pair[0] as usize..pair[1] as usize].iter().map(|&v| v as usize).collect();
    starts.windows(2).map(nodes).collect()
}

/// The same for `n` nodes, the `k`-th arc that leaves `v` pointing to `head(v, k)`: the nodes in the order of their
/// components, and where each component begins, with `n` at the end.
///
/// R. E. Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1 (1972) 146–160, with an
/// explicit stack, so that a chain of a million nodes cannot overflow the call stack.
pub(super) fn components(n: usize, head: impl Fn(usize, usize) -> Option<u32>) -> (Vec<u32>, Vec<u32>) {
    let (mut order, mut starts) = (Vec::with_capacity(n), vec![0]);
    let mut number = vec![NONE; n];
    let mut low = vec![0; n];
    // Nodes that were seen and belong to no component yet.
    let mut open = vec![false; n];
    let mut path: Vec<u32> = Vec::new();
    // Frames of the depth-first search: node, and how many of its arcs are done.
    let mut frames: Vec<(u32, usize)> = Vec::new();
    let mut next = 0;
    for root in 0..n as u32 {
        if number[root as usize] == NONE {
            frames.push((root, 0));
        }
        while let Some(frame) = frames.last_mut() {
            let (node, done) = *frame;
            let v = node as usize;
            if number[v] == NONE {
                (number[v], low[v], open[v]) = (next, next, true);
                next += 1;
                path.push(node);
            }
            if let Some(head) = head(v, done) {
                frame.1 += 1;
                let w = head as usize;
                if w >= n {
                    continue;
                }
                if number[w] == NONE {
                    frames.push((head, 0));
                } else if open[w] {
                    low[v] = low[v].min(number[w]);
                }
                continue;
            }
            frames.pop();
            if let Some(&(parent, _)) = frames.last() {
                low[parent as usize] = low[parent as usize].min(low[v]);
            }
            if low[v] == number[v] {
                let start = path.iter().rposition(|&w| w == node).unwrap_or_default();
                for w in path.drain(start..) {
                    open[w as usize] = false;
                    order.push(w);
                }
                starts.push(order.len() as u32);
            }
        }
    }
    (order, starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_found_and_the_rest_is_ordered() {
        // 0 → 1 → 2 → 0 is a loop that points to 3; 4 stands alone with a loop to itself.
        let mut found = strong_components(&[vec![1], vec![2], vec![0, 3], vec![], vec![4]]);
        for component in &mut found {
            component.sort_unstable();
        }
        assert_eq!(found, vec![vec![3], vec![0, 1, 2], vec![4]]);
    }

    #[test]
    fn a_long_chain_needs_no_call_stack() {
        let n = 1_000_000;
        let arcs: Vec<Vec<usize>> = (0..n).map(|v| if v + 1 < n { vec![v + 1] } else { vec![] }).collect();
        let found = strong_components(&arcs);
        assert_eq!(found.len(), n);
        assert_eq!(found[0], vec![n - 1]);
    }
}
