"""The chain of tasks as a picture for the DAGs' pages. It is text, since Airflow's Markdown draws no
diagrams, and narrow, as the window in which Airflow shows it."""

from __future__ import annotations

CHAIN = """
### The chain

```
plan
 ├─► select ─────────┐
 │                   ▼
 └─► prompt ─┬─► finetune ─► infer_ft ─┐
             └─► infer_icl ─────┴──────┤
                                       ▼
         finish ◄─ summarise ◄─────── score
```

| step | runs | what it does |
|---|---|---|
| `plan` | once | checks the experiment, states its size and cost, lists the cells |
| `select` | per model and data set | chooses the learning rate, on training rows |
| `prompt` | per cell | draws the demonstrations and makes the prompts |
| `infer_icl` | per cell | answers zero-shot and in context, for every shot count |
| `finetune` | per cell | trains on the same demonstrations |
| `infer_ft` | per cell | answers with the fine-tuned model |
| `score` | per cell | compares the two ways, question by question |
| `summarise` | once | answers, with tables, pictures and a report |
| `finish` | once | says whether everything was measured, and closes the study in MLflow |
"""
"""To be added to a DAG's description in Markdown."""
