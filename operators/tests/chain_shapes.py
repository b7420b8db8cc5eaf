"""Which tasks each task waits for, written by hand: what the contract's chain has to come to in each grouping."""

SWEEP: dict[str, set[str]] = {
    "plan": set(),
    "select_items": {"plan"},
    "select": {"select_items"},
    "cell_items": {"plan"},
    "cell.prompt": {"cell_items"},
    "cell.infer_icl": {"cell.prompt", "cell_items"},
    "cell.finetune": {"cell.prompt", "cell_items", "select"},
    "cell.infer_ft": {"cell.prompt", "cell.infer_icl", "cell.finetune", "cell_items"},
    "cell.score": {"cell.prompt", "cell.infer_icl", "cell.finetune", "cell.infer_ft", "cell_items", "select"},
    "summarise": {"plan", "select", "cell.score"},
    "finish": {"plan", "summarise"},
}
CELLS: dict[str, set[str]] = {
    "plan": set(),
    "select_items": {"plan"},
    "select": {"select_items"},
    "cell_items": {"plan"},
    "cell": {"cell_items", "select"},
    "summarise": {"plan", "select", "cell"},
    "finish": {"plan", "summarise"},
}
STUDY: dict[str, set[str]] = {
    "plan": set(),
    "study": {"plan"},
    "cell_items": {"plan"},
    "cell": {"cell_items"},
    "summarise": {"plan", "study"},
    "finish": {"plan", "summarise", "cell"},
}
EXPERIMENT: dict[str, set[str]] = {
    "plan": set(),
    "select": {"plan"},
    "prompt": {"plan"},
    "infer_icl": {"plan", "prompt"},
    "finetune": {"plan", "prompt", "select"},
    "infer_ft": {"plan", "prompt", "infer_icl", "finetune"},
    "score": {"plan", "prompt", "infer_icl", "finetune", "infer_ft", "select"},
    "summarise": {"plan", "select", "score"},
    "finish": {"plan", "summarise"},
}
