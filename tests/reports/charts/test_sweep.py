from reports.charts.axis import Tick
from reports.charts.sweep import Curve, Row, Spot, draw_sweep, is_swept, labelled
from transforms.results import Metric

SILHOUETTE, AGREEMENT = "clusters silhouette", "clusters agreement with tags"
SHOWN_SILHOUETTE, SHOWN_AGREEMENT = "themes silhouette", "themes agreement with tags"


def test_measures_over_the_number_of_clusters():
    sweep = draw_sweep(
        [
            Metric(SILHOUETTE, "k = 16", 0.2, 50),
            Metric(SILHOUETTE, "k = 4", 0.1, 50, in_use=True),
            Metric(SILHOUETTE, "k = 8", -0.1, 50),
            Metric(AGREEMENT, "k = 4", 0.4, 50, in_use=True),
            Metric(AGREEMENT, "k = 16", None, 0),
            Metric("tags map@10", "blend", 0.5, 9),
        ]
    )
    assert (sweep.width, sweep.height, sweep.used) == ("600", "180", "0.0")
    # From 4 to 8 the clusters double, from 8 to 16 again: two equal steps.
    assert sweep.ks == (Tick("4", "0.0"), Tick("8", "50.0"), Tick("16", "100.0"))
    assert [(tick.label, tick.at) for tick in sweep.values] == [
        *(("0.0", "0.0"), ("0.1", "25.0"), ("0.2", "50.0"), ("0.3", "75.0"), ("0.4", "100.0"))
    ]
    assert sweep.grid == "M0 180.0H600M0 135.0H600M0 90.0H600M0 45.0H600M0 0.0H600"
    assert sweep.curves == (
        Curve(
            SHOWN_SILHOUETTE,
            "M0.0 135.0L300.0 180.0L600.0 90.0",
            (
                Spot(4, "0.100", "0.0", "135.0", True),
                Spot(8, "-0.100", "300.0", "180.0", False),
                Spot(16, "0.200", "600.0", "90.0", False),
            ),
        ),
        Curve(SHOWN_AGREEMENT, "M0.0 0.0", (Spot(4, "0.400", "0.0", "0.0", True),)),
    )


def test_measures_over_the_number_of_clusters_as_a_table():
    sweep = draw_sweep(
        [
            Metric(SILHOUETTE, "k = 2", 0.25, 50),
            Metric(AGREEMENT, "k = 2", None, 0),
            Metric(SILHOUETTE, "k = 3", 0.5, 50, in_use=True),
            Metric(AGREEMENT, "k = 3", 0.75, 50, in_use=True),
        ]
    )
    assert sweep.rows == (Row(2, ("0.250", "—"), False), Row(3, ("0.500", "0.750"), True))


def test_no_number_in_use_is_marked_where_none_was_tried():
    assert draw_sweep([Metric(SILHOUETTE, f"k = {k}", 0.1, 50) for k in (1, 2)]).used is None


def test_labels_that_would_overlap_are_left_out_but_for_the_one_in_use():
    shares = {30: 0.90, 35: 0.96, 40: 1.0}
    assert labelled([30, 35, 40], shares, None) == [30, 40]
    assert labelled([30, 35, 40], shares, 35) == [35]
    assert labelled([30, 40], shares, 30) == [30, 40]


def test_one_number_makes_no_sweep():
    assert draw_sweep([Metric(SILHOUETTE, "k = 4", 0.1, 50)]) is None
    assert draw_sweep([]) is None


def test_other_metrics_are_no_sweep():
    assert not is_swept(Metric(SILHOUETTE, "blend", 0.1, 50))
    assert not is_swept(Metric("tags map@10", "k = 4", 0.1, 50))
