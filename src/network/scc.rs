//! Strongly connected components.

/// Splits a directed graph into its strongly connected components, in an order
/// in which every arc between components points from a later component to an
/// earlier one: solve in this order and all that a node points to is known.
///
/// `arcs[v]` lists the heads of the arcs that leave `v`; heads beyond the number
/// of nodes are ignored. Tarjan's algorithm (1972) with an explicit stack, so that
/// a chain of a million nodes cannot overflow the call stack.
#[must_use]
pub fn strong_components(arcs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let n = arcs.len();
    let mut number = vec![UNSEEN; n];
    let mut low = vec![0; n];
    let mut open = vec![false; n];
    let mut path: Vec<usize> = Vec::new();
    // Frames of the depth-first search: node, and how many of its arcs are done.
    let mut frames: Vec<(usize, usize)> = Vec::new();
    let mut components = Vec::new();
    let mut next = 0;
    for root in 0..n {
        if number[root] != UNSEEN {
            continue;
        }
        frames.push((root, 0));
        while let Some(&(v, done)) = frames.last() {
            if done == 0 && number[v] == UNSEEN {
                number[v] = next;
                low[v] = next;
                next += 1;
                path.push(v);
                open[v] = true;
            }
            if let Some(&w) = arcs[v].get(done) {
                if let Some(frame) = frames.last_mut() {
                    frame.1 += 1;
                }
                if w >= n {
                    continue;
                }
                if number[w] == UNSEEN {
                    frames.push((w, 0));
                } else if open[w] {
                    low[v] = low[v].min(number[w]);
                }
                continue;
            }
            frames.pop();
            if let Some(&(parent, _)) = frames.last() {
                low[parent] = low[parent].min(low[v]);
            }
            if low[v] == number[v] {
                let start = path.iter().rposition(|&w| w == v).unwrap_or_default();
                let component = path.split_off(start);
                for &w in &component {
                    open[w] = false;
                }
                components.push(component);
            }
        }
    }
    components
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
