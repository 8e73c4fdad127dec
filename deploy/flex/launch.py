"""What the launcher of Flex Templates runs."""

from pipelines.flex_template import launch

launch()
