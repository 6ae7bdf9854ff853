"""BSM1 by another program, and its row of the table: peers.py REFERENCE.csv bsm2-python MINUTES | exposan steady.

The error is that of the engine's benchmark, rms of |dy|/(|y| + 0.01 g/m3), over the five tanks' 13 components (S_ALK in mol/m3).
"""

import csv
import os
import sys
import time

import numpy as np

# bsm2-python's settler: these of each layer from the top, sorted by component.
LAYER = ["S_I", "S_S", "S_O", "S_NO", "S_NH", "S_ND", "S_ALK", "TSS"]
COMPONENTS = ["S_I", "S_S", "X_I", "X_S", "X_BH", "X_BA", "X_P", "S_O", "S_NO", "S_NH", "S_ND", "X_ND", "S_ALK"]


def cpu():
    return time.process_time()


class Reference:
    """What `Benchmarks --export` wrote."""

    def __init__(self, path):
        self.dry, self.steady = [], None
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for line in lines:
            if line.startswith("# dry"):
                self.dry.append({key: float(value) for key, value in (word.split("=") for word in line.split()[2:])})
            if line.startswith("# steady"):
                self.steady = float(line.split("=")[1])
        rows = list(csv.reader(line for line in lines if not line.startswith("#")))
        table = np.array(rows[1:], dtype=float)
        columns = [rows[0].index(f"tank-{tank}.{name}") for tank in range(1, 6) for name in COMPONENTS]
        self.time, self.tanks = table[:, 0], table[:, columns]
        self.settler = {name: table[0, [rows[0].index(f"settler.layer-{layer}.{name}") for layer in range(1, 11)]] for name in LAYER}


def error(values, exact):
    return float(np.sqrt(np.mean((np.abs(values - exact) / (np.abs(exact) + 0.01)) ** 2)))


def row(program, case, deviation, seconds, preparation, ours, our_error):
    print(f"| {program} | {case} | {deviation:.1e} | {seconds:.2f} | {preparation:.1f} | {ours:.4f} ({our_error}) | {seconds / ours:.0f}× |")


def start_bsm2_python(model, reference):
    """The reference's start, in tanks, settler and recycles: its own is a plant full of 1 g/m3."""
    tanks = reference.tanks[0].reshape(5, 13)
    reactors = [model.reactor1, model.reactor2, model.reactor3, model.reactor4, model.reactor5]
    outlets = [model.y_out1, model.y_out2, model.y_out3, model.y_out4, model.y_out5]
    particulates = [index for index, name in enumerate(COMPONENTS) if name in ("X_I", "X_S", "X_BH", "X_BA", "X_P")]

    def stream(concentrations, flow):
        return np.array([*concentrations, 0.75 * sum(concentrations[particulates]), flow, 15, 0, 0, 0, 0, 0], dtype=float)

    for reactor, outlet, tank in zip(reactors, outlets, tanks):
        reactor.y0 = stream(tank, 18446 + 18446 + 55338)
        outlet[:] = reactor.y0
    model.y_out5_r = stream(tanks[4], 55338)
    settler = np.zeros(120)
    for index, name in enumerate(LAYER):
        settler[10 * index : 10 * index + 10] = reference.settler[name]
    settler[80:90] = 15
    model.settler.ys0 = settler
    bottom = tanks[4].copy()
    for index, name in enumerate(COMPONENTS):
        if name in LAYER:
            bottom[index] = reference.settler[name][9]
    solids = 0.75 * sum(tanks[4][particulates])
    bottom[[*particulates, COMPONENTS.index("X_ND")]] *= reference.settler["TSS"][9] / solids
    model.ys_out = stream(bottom, 18446)


def bsm2_python(reference, minutes):
    began = cpu()
    import bsm2_python
    from bsm2_python.bsm1_ol import BSM1OL

    data = os.path.join(os.path.dirname(bsm2_python.__file__), "data", "dryinfluent.csv")
    with open(data, encoding="utf-8-sig") as file:
        influent = np.array(list(csv.reader(file)), dtype=float)
    # Its last row is the start of the last quarter of an hour; the run is to end after it.
    influent = np.vstack([influent, influent[-1]])
    influent[-1, 0] = 14.0
    # Inputs change within a whisker of whole minutes; rounding must not put them a step later.
    influent[:, 0] = np.round(influent[:, 0] * 96) / 96 - 1e-7
    influent[0, 0] = 0.0
    influent[-1, 0] = 14.0
    BSM1OL(data_in=influent, timestep=minutes / 1440, endtime=6.0).step(0)  # compiles
    model = BSM1OL(data_in=influent, timestep=minutes / 1440)
    start_bsm2_python(model, reference)
    preparation = cpu() - began

    began = cpu()
    count = min(round(14 * 1440 / minutes), len(model.simtime))
    for i in range(count):
        model.timesteps = np.full(count, minutes / 1440)
        model.step(i)
    seconds = cpu() - began

    # Row i holds what stands at the end of step i.
    every = round(15 / minutes)
    ends = np.arange(every - 1, count, every)
    tanks = [model.y_out1_all, model.y_out2_all, model.y_out3_all, model.y_out4_all, model.y_out5_all]
    values = np.hstack([tank[ends, :13] for tank in tanks])
    exact = reference.tanks[1 : 1 + len(ends)]
    ours = reference.dry[0]
    row("bsm2-python 0.0.16", f"14 d dry, steps of {minutes} min", error(values, exact), seconds, preparation, ours["seconds"], f"{ours['error']:.1e}, all states")


def exposan_steady(reference):
    began = cpu()
    from exposan import bsm1

    bsm1.load(reload=True, suspended_growth_model="ASM1", reactor_model="CSTR")
    system = bsm1.sys
    # Compiles the equations.
    system.simulate(t_span=(0, 0.01), method="BDF", state_reset_hook="reset_cache")
    preparation = cpu() - began
    began = cpu()
    system.simulate(t_span=(0, 200), method="BDF", state_reset_hook="reset_cache")
    seconds = cpu() - began
    unit = system.flowsheet.unit
    values = []
    for name in ["A1", "A2", "O1", "O2", "O3"]:
        tank = getattr(unit, name)
        state = dict(zip(tank.components.IDs, tank._state))
        # Alkalinity as carbon there.
        values += [state[c] / (12 if c == "S_ALK" else 1) for c in COMPONENTS]
    row("EXPOsan 1.4.3 (QSDsan 1.4.3)", "200 d constant influent", error(np.array(values), reference.tanks[0]), seconds, preparation, reference.steady, "1e-10")


if __name__ == "__main__":
    table = Reference(sys.argv[1])
    if sys.argv[2] == "bsm2-python":
        bsm2_python(table, int(sys.argv[3]))
    else:
        exposan_steady(table)
