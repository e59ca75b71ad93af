"""Result tables to ReportData to HTML and Markdown."""
