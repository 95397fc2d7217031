"""Reconciles synthetic metering networks: ours, and weighted least squares by numpy and scipy.

Each is timed on arrays in memory, from the equations to the best values, order and factors included: the median of several
turns, which ours and the peers take one after the other, so that all meet the same machine. Peers: the optimality system
(KKT) by SuperLU and, where it works, UMFPACK; up to 3,000 flows also by LAPACK, dense, and by the QR projection of the
unmeasured flows. The answers are checked first: what is left of the equations, and the sum of squares against that of the
peer after one step of refinement, which is not timed.
"""

import json
import platform
import statistics
import subprocess
import sys
import time
import warnings
from datetime import date
from os import cpu_count, environ
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.linalg as la
import scipy.sparse as sp
import scipy.sparse.linalg as sl

warnings.filterwarnings("ignore")
WORK, RACE = Path(environ["WORK"]), Path(environ["RACE"])
BAR = 10.0
DENSE = 3000


class Instance:
    """Equations and measurements, scaled by the standard deviations."""

    def __init__(self, folder):
        flows, nodes = pd.read_csv(folder / "flows.csv"), len(pd.read_csv(folder / "nodes.csv"))
        source, target = flows["from"].to_numpy(), flows["to"].to_numpy()
        into, out = np.flatnonzero(target >= 0), np.flatnonzero(source >= 0)
        rows, columns = np.r_[target[into], source[out]], np.r_[into, out]
        self.a = sp.csr_matrix((np.r_[np.ones(into.size), -np.ones(out.size)], (rows, columns)), (nodes, len(flows)))
        self.y, self.sd = flows.measured.to_numpy(), flows.sigma.to_numpy()
        self.known = ~np.isnan(self.y)
        scaled = self.a @ sp.diags(self.sd)
        scale = 1 / np.maximum(abs(scaled).max(axis=1).toarray().ravel(), 1e-300)
        scaled = sp.diags(scale) @ scaled
        self.scaled = scaled
        self.system = self.optimality(1e-12)
        self.right = np.r_[np.where(self.known, np.nan_to_num(self.y) / self.sd, 0.0), np.zeros(nodes)]

    def optimality(self, whiff):
        """The optimality system. A whiff of weight keeps flows that nothing determines from making it singular."""
        weight = sp.diags(np.where(self.known, 1.0, whiff))
        return sp.bmat([[weight, self.scaled.T], [self.scaled, None]], format="csc")

    def objective(self, x):
        return float((((x - self.y) / self.sd)[self.known] ** 2).sum())

    def superlu(self):
        return sl.splu(self.system, permc_spec="COLAMD").solve(self.right)

    def umfpack(self):
        from scikits.umfpack import UMFPACK_A, UmfpackContext

        system = sp.csc_matrix((self.system.data, self.system.indices.astype(np.int32),
                                self.system.indptr.astype(np.int32)), self.system.shape)
        return UmfpackContext("di").linsolve(UMFPACK_A, system, self.right, autoTranspose=False)

    def dense(self):
        return la.solve(self.system.toarray(), self.right, assume_a="sym")

    def projection(self):
        a = self.a.toarray()
        free, fixed = a[:, ~self.known], a[:, self.known] * self.sd[self.known]
        q, r, _ = la.qr(free, pivoting=True)
        rest = q[:, int((np.abs(np.diag(r)) > 1e-10).sum()):]
        g = rest.T @ fixed
        y = self.y[self.known] / self.sd[self.known]
        best = y - g.T @ la.cho_solve(la.cho_factor(g @ g.T), g @ y)
        unknown = la.lstsq(free, -(a[:, self.known] @ (best * self.sd[self.known])))[0]
        x = np.empty(self.y.size)
        x[self.known], x[~self.known] = best, unknown / self.sd[~self.known]
        return x

    def refined(self):
        """The sum of squares as the whiff of weight goes to nothing, after refinement: what is left of the equations decides
        which of the systems was solved. Flows that nothing determines come out large, so that 1e-12 shows in the sum."""
        found = []
        for whiff in (1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18):
            system = self.optimality(whiff)
            factors = sl.splu(system, permc_spec="COLAMD")
            x = factors.solve(self.right)
            for _ in range(3):
                x += factors.solve(self.right - system @ x)
            flows = x[: self.y.size] * self.sd
            if np.isfinite(flows).all() and np.abs(self.a @ flows).max() < 1e-9 * np.abs(flows).max():
                found.append(self.objective(flows))
        return min(found)


def ours(program, folder, turns):
    output = subprocess.run([program, str(folder), "--repeat", str(turns)], capture_output=True, text=True, check=True)
    return json.loads(output.stdout)


def shown(seconds):
    return f"{seconds * 1e6:.0f} us" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"


def race(program, flows):
    folder = WORK / f"dr{flows}"
    if not (folder / "flows.csv").exists():
        subprocess.run([sys.executable, str(RACE / "gen_recon.py"), "--flows", str(flows), "--seed", "3", "--out", str(folder)],
                       check=True, stdout=subprocess.DEVNULL)
    instance = Instance(folder)
    made = ours(program, folder, 1)
    x = np.array([np.nan if v is None else v for v in made["x"]])
    objective, exact = instance.objective(x), instance.refined()
    whole = ~np.isnan(x)
    closed = np.abs(instance.a[:, whole] @ x[whole])[np.asarray(abs(instance.a[:, ~whole]).sum(axis=1)).ravel() == 0]
    size = float(np.nanmax(np.abs(x)))
    notes = [f"{flows}: {len(x)} flows, {instance.a.shape[0]} equations, sum of squares {objective:.8f}, peer's refined "
             f"{exact:.8f} (ratio - 1: {objective / exact - 1:.1e}), equations closed to {closed.max():.1e} of flows up to {size:.0f}"]
    if abs(objective / exact - 1) > 1e-6 or closed.max() > 1e-9 * size:
        raise SystemExit("the answers differ\n" + notes[0])
    peers = {"SuperLU": instance.superlu, "UMFPACK": instance.umfpack}
    if len(x) <= DENSE:
        peers |= {"LAPACK, KKT": instance.dense, "QR projection": instance.projection}
    turns = 5 if flows > 30000 else 9
    times = {name: [] for name in ("ours", *peers)}
    for _ in range(turns):
        times["ours"].append(ours(program, folder, max(7, 100000 // flows))["seconds"]["reconcile"])
        for name, peer in list(peers.items()):
            try:
                start = time.perf_counter()
                peer()
                times[name].append(time.perf_counter() - start)
            except Exception as error:
                notes.append(f"{name} missing: {type(error).__name__}: {error}")
                del peers[name], times[name]
    medians = {name: statistics.median(list_) for name, list_ in times.items()}
    best = min(seconds for name, seconds in medians.items() if name != "ours") / medians["ours"]
    cells = [f"{flows:>8}", f"{shown(medians['ours']):>9}"]
    for name in ("SuperLU", "UMFPACK", "LAPACK, KKT", "QR projection"):
        cells.append(f"{medians[name] / medians['ours']:.1f} x, {shown(medians[name])}".rjust(20) if name in medians else "-".rjust(20))
    return "  ".join([*cells, f"{best:>6.1f} x", "yes" if best >= BAR else "no"]), notes


def main():
    program, sizes = sys.argv[1], [int(n) for n in sys.argv[2:]] or [1000, 10000, 100000]
    head = "  ".join(["   flows", "     ours", *(n.rjust(20) for n in ("SuperLU", "UMFPACK", "LAPACK, KKT", "QR projection")), "   best", "10 x"])
    lines, notes = [head], []
    for flows in sizes:
        print(f"{flows} ...", file=sys.stderr)
        line, more = race(program, flows)
        lines.append(line)
        notes += more
    processor = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.processor())
    revision = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    text = "\n".join([f"Reconciliation, {date.today()}, {revision}, {processor}, {cpu_count()} processors; the peers take one thread, ours two from 8,192 equations on", "",
                      *lines, "", *notes, "", "A cell is the peer's time over ours (N x: we are N times as fast), and the peer's time.", ""])
    print(text)
    out = Path("benches/results") / f"{date.today()}-reconciliation.txt"
    out.write_text(text)
    print(f"written to {out}")


main()
