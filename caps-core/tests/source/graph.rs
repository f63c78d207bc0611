use std::collections::{BTreeMap, BTreeSet};

/// Which name has edges to which.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

/// A path through the graph that ends where it begins.
pub(crate) fn cycle(graph: &Graph) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    graph.keys().find_map(|start| visit(graph, start, &mut Vec::new(), &mut done))
}

fn visit<'g>(
    graph: &'g Graph,
    at: &'g str,
    path: &mut Vec<&'g str>,
    done: &mut BTreeSet<&'g str>,
) -> Option<Vec<String>> {
    if let Some(start) = path.iter().position(|step| *step == at) {
        return Some(path[start..].iter().chain([&at]).map(|step| (*step).to_owned()).collect());
    }
    if done.contains(at) {
        return None;
    }
    path.push(at);
    let found = graph.get(at)?.iter().find_map(|next| visit(graph, next, path, done));
    path.pop();
    done.insert(at);
    found
}

#[test]
fn a_cycle_is_found() {
    let graph = |edges: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
            graph.entry((*to).to_owned()).or_default();
        }
        graph
    };
    assert_eq!(cycle(&graph(&[("a", "b"), ("a", "c"), ("b", "c")])), None);
    let found = cycle(&graph(&[("a", "b"), ("b", "c"), ("c", "b")])).expect("a cycle");
    assert_eq!(found, ["b", "c", "b"]);
}
