"""What the pipeline does: functions on arrays and records, and the PTransforms that wire them."""
