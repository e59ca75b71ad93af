from apache_beam.io.filesystems import FileSystems
from apache_beam.options.value_provider import RuntimeValueProvider

from transforms.plumbing.filesystems import filesystems


def test_filesystems_have_options_where_no_pipeline_has_set_any(monkeypatch):
    monkeypatch.setattr(FileSystems, "_pipeline_options", None)
    monkeypatch.setattr(RuntimeValueProvider, "runtime_options", {"s3_region_name": "here"})
    assert filesystems().get_filesystem("s3://b")._options == {"s3_region_name": "here"}
    monkeypatch.setattr(RuntimeValueProvider, "runtime_options", None)
    assert filesystems().get_filesystem("s3://b")._options is not None
