"""An organisation in Mesa's own SolaraViz.

    solara run docs/examples/solara_viz.py --production

Needs packages that simsvc does not bring along; see "In Mesa's SolaraViz" in docs/extending.md.
"""

from __future__ import annotations

from statistics import fmean

import mesa
from mesa.visualization import Slider, SolaraViz, make_plot_component

import simsvc


class Organisation(simsvc.ServiceOrganization):
    """The classroom preset as SolaraViz wants a model: settings by keyword, measures in a DataCollector."""

    def __init__(self, idiosyncrasy: float = 0.3, structure: str = "inverted", rng: int = 1) -> None:
        scenario = simsvc.load_scenario("classroom", {"demand.idiosyncrasy": idiosyncrasy})
        super().__init__(scenario, structure=structure, rng=int(rng))
        self.datacollector = mesa.DataCollector(
            {
                "morale": lambda model: fmean(model.frontline.get("morale")),
                "satisfaction": lambda model: fmean(model.customers.get("satisfaction")),
            }
        )

    def step(self) -> None:
        """One working day, measured."""
        super().step()
        self.datacollector.collect(self)


page = SolaraViz(
    Organisation(),
    components=[make_plot_component("morale"), make_plot_component("satisfaction")],
    model_params={
        "idiosyncrasy": Slider("Customers differ", 0.3, 0.05, 0.95, 0.05),
        "structure": {"type": "Select", "value": "inverted", "values": ["traditional", "inverted"], "label": "Chart"},
        "rng": {"type": "InputText", "value": 1, "label": "Seed"},
    },
    name="A classroom organisation",
)
