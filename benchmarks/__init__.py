"""What is measured, on what, and what came out: data sets, result records, reports.

A *data set* is a table of members with checksums (`data_sets`), found or fetched by `data`. A
*record* is one JSON line that says everything about one run (`record`, kept in files by
`record_file`). A *report* is made from records only (`report`).

Reading order: `data_sets`, `data`, `record`, `provenance`, `record_file`, `report_data`,
`report_table`, `report_figures`, `report_page`; of verification `verify_instances`,
`verify_process`, `verify_run`, `verify_suite`, `report_verdicts`, `report_verdict_table`.
"""
