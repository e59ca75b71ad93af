from reports.sweep import Curve, Spot, draw_sweep, is_swept
from transforms.records import Metric

SILHOUETTE, AGREEMENT = "clusters silhouette", "clusters agreement with tags"


def test_measures_over_the_number_of_clusters():
    sweep = draw_sweep(
        [
            Metric(SILHOUETTE, "k = 12", 0.2, 50),
            Metric(SILHOUETTE, "k = 4", 0.1, 50, in_use=True),
            Metric(SILHOUETTE, "k = 8", -0.1, 50),
            Metric(AGREEMENT, "k = 4", 0.4, 50, in_use=True),
            Metric(AGREEMENT, "k = 12", None, 0),
            Metric("tags map@10", "blend", 0.5, 9),
        ]
    )
    assert (sweep.width, sweep.height, sweep.box, sweep.highest) == ("600", "180", "-10 -10 620 200", "0.40")
    assert sweep.curves == (
        Curve(
            SILHOUETTE,
            "M0.0 135.0L300.0 180.0L600.0 90.0",
            (
                Spot(4, "0.100", "0.0", "135.0", True),
                Spot(8, "-0.100", "300.0", "180.0", False),
                Spot(12, "0.200", "600.0", "90.0", False),
            ),
        ),
        Curve(AGREEMENT, "M0.0 0.0", (Spot(4, "0.400", "0.0", "0.0", True),)),
    )


def test_one_number_makes_no_sweep():
    assert draw_sweep([Metric(SILHOUETTE, "k = 4", 0.1, 50)]) is None
    assert draw_sweep([]) is None


def test_other_metrics_are_no_sweep():
    assert not is_swept(Metric(SILHOUETTE, "blend", 0.1, 50))
    assert not is_swept(Metric("tags map@10", "k = 4", 0.1, 50))
