#!/usr/bin/env python3
"""The race of the sparse kernel: `examples/solve_triplets` against the classes of bw2calc and KLU.

    race.py PROGRAM [--million] [INSTANCE...]     all of it; run.sh calls this
    race.py reference FOLDER                      answers of an instance by scipy and numpy, as JSON
    race.py peer NAME FOLDER                      answers and times of one class of bw2calc, as JSON

For each instance: ours, a peer, ours, the next peer, ..., ours; a shared machine changes its pace within a minute, so a
peer's ratio is its time over the median of our runs just before and just after it. Each of them is a process of its own,
and so is the reference: bw2calc chooses its solver when it is imported, and the memory of this process would count as
that of the programs it starts.

The table is printed when all answers agree, and only then.
"""

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median

METHOD = "GWP100_AR6"
DRAWS = 1000
INSTANCES = {  # products, share of purchases from anywhere in the portfolio
    "n1000": (1_000, 0), "n10000": (10_000, 0), "n10000-mix10": (10_000, 0.1), "n100000": (100_000, 0),
    "n1000000": (1_000_000, 0),
}
MILLION = "n1000000"
# Class of bw2calc and its direct solver. The iterative classes get SuperLU, whose solves with kept factors are the
# cheapest of the three: IterativeLCA checks each draw with one.
PEERS = {
    "SuperLU": ("LCA", "SuperLU"), "UMFPACK": ("LCA", "UMFPACK"), "PARDISO": ("LCA", "PARDISO"),
    "JacobiGMRESLCA": ("JacobiGMRESLCA", "SuperLU"), "IterativeLCA": ("IterativeLCA", "SuperLU"),
}
DIRECT = [name for name, (kind, _) in PEERS.items() if kind == "LCA"]
# A million products take a direct solver half a minute and 4 GB; one of them is enough.
OF_MILLION = ("PARDISO", "JacobiGMRESLCA", "KLU")
WORKS = {  # what a row says: the figure it shows
    "1,000 draws": "draws", "first order, cold": "first_order", "first score from CSV": "first",
    "100 demands x 5 methods, factorised": "multi", "the same, peer's factors kept": "kept",
    "refactorise one draw, one core": "refactor", "memory of the first score": "memory",
}
# (figure, instance): of whom, and how many times. `most` is a bound of our own figure, in seconds or MB.
BARS = {
    ("draws", "n1000"): {"best": 50},
    ("draws", "n10000"): {"best": 30, "SuperLU": 150},
    ("draws", "n10000-mix10"): {"best": 15},
    ("draws", "n100000"): {"best": 30},
    ("first_order", "n100000"): {"most": 0.5},
    ("first", "n100000"): {"best": 4},
    ("multi", "n100000"): {"best": 50},
    ("refactor", "n100000"): {"KLU": 3},
    ("first", MILLION): {"best": 4},
    ("memory", MILLION): {"most": 1500},
}
NOTES = """\
A cell is the peer's time over ours (N x: we are N times as fast), and the peer's time; ~ is extrapolated to 1,000 draws
from fewer (at least 5, given below the table). A peer's draws are 1,000 x its median draw, without preparing them; ours
are the whole, preparing (`model`) included. We use two threads; bw2calc draws on one core (MKL takes both), so two
processes of it would halve its draws. First score: tables in the file cache, the peers' imports not counted, our process
start neither. First order, cold: from tables in memory, analysis included. 100 x 5: the peer's adjoint with its matrices
loaded; it keeps no factors and makes them each time, so the row below has what scipy's SuperLU takes with kept factors
(solves and products only; ours here and there with the methods' burdens and the residuals).
Memory: the process at its peak up to its first score, in MB; for the peers with Python and all they import."""


# --- the reference, by scipy and numpy ---


class Instance:
    """The tables of a folder. numpy and its like are imported where they are used: the process that starts the others
    stays small."""

    def __init__(self, folder):
        import numpy as np
        import pandas as pd
        import scipy.sparse as sp

        self.t, self.b, self.c, self.demands = (
            pd.read_csv(Path(folder) / f"{name}.csv") for name in ("technosphere", "biosphere", "characterization", "demands"))
        self.n = int(self.t.row.max()) + 1
        self.flows = int(max(self.b.row.max(), self.c.flow.max())) + 1
        self.a = sp.csr_matrix((self.t.value, (self.t.row, self.t.col)), (self.n, self.n))
        self.methods = list(dict.fromkeys(self.c.method))
        sets = self.demands.set.to_numpy()
        self.f = sp.csr_matrix((self.demands.amount, (sets, self.demands["product"])), (sets.max() + 1, self.n))
        self.np = np

    def weights(self, method, column="value"):
        rows = self.c[self.c.method == method]
        made = self.np.zeros(self.flows)
        made[rows.flow] = rows[column]
        return made

    def sweeps(self, a, b, x):
        """Jacobi's iteration, to the last digits: the column sums of the instances are well below one."""
        np, diagonal = self.np, a.diagonal()
        for _ in range(1000):
            step = (b - a @ x) / diagonal
            x = x + step
            if np.abs(step).max() <= 1e-14 * np.abs(x).max():
                return x
        sys.exit("reference: Jacobi's iteration does not converge")

    def intensities(self, burdens):
        """Solutions of the transposed system, and the seconds they take once factorised."""
        from scipy.sparse.linalg import splu

        if self.n > 200_000:  # SuperLU takes minutes
            transposed = self.a.T.tocsr()
            return [self.sweeps(transposed, w, w / self.a.diagonal()) for w in burdens], None
        # Aᵀ is factorised, not A, whose dense rows (power) would fill the factors.
        factors = splu(self.a.T.tocsc())
        times = []
        for _ in range(3):
            start = time.perf_counter()
            made = [factors.solve(w) for w in burdens]
            _ = [self.f @ x for x in made]
            times.append(time.perf_counter() - start)
        # One step of refinement, outside the clock.
        return [x + factors.solve(w - self.a.T @ x) for x, w in zip(made, burdens)], median(times)

    def draws(self, most=4000, seconds=20):
        """Scores of the first demand with every value lognormal about its median, by numpy's own numbers."""
        np = self.np
        generator = np.random.default_rng(20)
        # Places of the triplets in the data of a CSR matrix.
        places = self.a.copy()
        places.data = np.arange(len(places.data), dtype=float)
        into = np.asarray(places[self.t.row, self.t.col]).ravel().astype(int)
        a, f = self.a.copy(), self.f[0].toarray().ravel()
        c, spread = self.weights(METHOD), self.weights(METHOD, "sigma")
        t, b, row, col = self.t, self.b, self.b.row.to_numpy(), self.b.col.to_numpy()
        x = self.sweeps(a, f, f / a.diagonal())

        def draw(values, sigmas):
            return np.asarray(values) * np.exp(np.asarray(sigmas) * generator.standard_normal(len(values)))

        made, start = [], time.perf_counter()
        while len(made) < most and (len(made) < 100 or time.perf_counter() - start < seconds):
            a.data[into] = draw(t.value, t.sigma)
            made.append((draw(c, spread)[row] * draw(b.value, b.sigma)) @ self.sweeps(a, f, x)[col])
        made = np.array(made)
        sd = made.std(ddof=1)
        return {"n": len(made), "mean": made.mean(), "sd": sd, "kurtosis": ((made - made.mean()) ** 4).mean() / sd**4}


def reference(folder):
    it = Instance(folder)
    burdens = [it.np.bincount(it.b.col, it.b.value * it.weights(m)[it.b.row], it.n) for m in it.methods]
    intensities, kept = it.intensities(burdens)
    scores = {m: (it.f @ x).tolist() for m, x in zip(it.methods, intensities)}
    return {"scores": scores, "kept": kept, "draws": None if it.n > 200_000 else it.draws()}


# --- a class of bw2calc ---


def peer(name, folder):
    import warnings

    warnings.filterwarnings("ignore")
    of_class, solver = PEERS[name]
    # bw2calc takes PARDISO where it is, then UMFPACK; a module that is None is not found.
    if solver != "PARDISO":
        sys.modules["pypardiso"] = None
    if solver == "SuperLU":
        sys.modules["scikits"] = sys.modules["scikits.umfpack"] = None
    import resource

    import bw2calc
    import bw_processing as bwp
    import numpy as np
    import pandas as pd

    if solver != ("PARDISO" if bw2calc.PYPARDISO else "UMFPACK" if bw2calc.UMFPACK else "SuperLU"):
        sys.exit(f"{solver} is not installed")
    of_class = getattr(bw2calc, of_class)

    def vector(package, matrix, rows, columns, table, flip=False):
        values, sigmas = table.value.to_numpy(float), table.sigma.to_numpy()
        indices = np.empty(len(values), dtype=bwp.INDICES_DTYPE)
        indices["row"], indices["col"] = rows, columns
        # bw2calc's signs: inputs are positive and flipped.
        size = np.abs(values) if flip else values
        spread = np.full(len(values), np.nan, dtype=bwp.UNCERTAINTY_DTYPE)
        spread["uncertainty_type"] = np.where(sigmas > 0, 2, 0)  # lognormal
        spread["loc"] = np.where(sigmas > 0, np.log(np.abs(size)), size)
        spread["scale"] = np.where(sigmas > 0, sigmas, np.nan)
        spread["negative"] = size < 0
        package.add_persistent_vector(
            matrix=f"{matrix}_matrix", name=matrix, indices_array=indices, data_array=size,
            flip_array=values < 0 if flip else None, distributions_array=spread)

    def package():
        t, b, c, d = (pd.read_csv(Path(folder) / f"{name}.csv")
                      for name in ("technosphere", "biosphere", "characterization", "demands"))
        n = int(t.row.max()) + 1  # products are numbered from 0, activities from n, flows from 2n
        base, of_method = bwp.create_datapackage(), {}
        vector(base, "technosphere", t.row, t.col + n, t, flip=True)
        vector(base, "biosphere", b.row + 2 * n, b.col + n, b)
        for method, rows in c.groupby("method"):
            of_method[method] = rows
        return base, of_method, d, n

    def characterised(rows, n, **words):
        made = bwp.create_datapackage()
        if words:  # many methods: each is found by its identifier
            indices = np.empty(len(rows), dtype=bwp.INDICES_DTYPE)
            indices["row"], indices["col"] = rows.flow + 2 * n, 1
            made.add_persistent_vector(matrix="characterization_matrix", name=words["name"], identifier=[words["name"]],
                                       indices_array=indices, data_array=rows.value.to_numpy(float))
        else:
            vector(made, "characterization", rows.flow + 2 * n, 1, rows)
        return made

    def first():
        base, of_method, d, n = package()
        demand = d[d.set == 0]
        demand = dict(zip(demand["product"], demand.amount))
        data = [base, characterised(of_method[METHOD], n)]
        lca = of_class(demand, data_objs=data)
        lca.lci()
        lca.lcia()
        return lca.score, demand, data

    def timed(work, times, most_seconds, least=1):
        laps, made, start = [], [], time.perf_counter()
        while len(laps) < times and (len(laps) < least or time.perf_counter() - start < most_seconds):
            lap = time.perf_counter()
            made.append(work())
            laps.append(time.perf_counter() - lap)
        return median(laps), made

    out = {"version": bw2calc.__version__}
    out["first"], made = timed(first, 3, 30)
    out["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out["score"], demand, data = made[-1]
    if Path(folder).name == MILLION:
        return out
    del made

    lca = of_class(demand, data_objs=data, use_distributions=True, seed_override=7)
    lca.lci()
    lca.lcia()

    def draw():
        next(lca)
        return lca.score

    lap, scores = timed(draw, DRAWS, 10, least=5)
    out["draws"] = DRAWS * lap
    out["sample"] = {"n": len(scores), "mean": float(np.mean(scores))}
    if name in ("UMFPACK", "PARDISO"):  # many demands at once are offered for these solvers only
        base, of_method, d, n = package()
        multi = bw2calc.FastScoresOnlyMultiLCA(
            demands={str(s): dict(zip(rows["product"], rows.amount)) for s, rows in d.groupby("set")},
            method_config={"impact_categories": [(m,) for m in of_method]}, direction="adjoint",
            data_objs=[base] + [characterised(rows, n, name=m) for m, rows in of_method.items()])
        next(multi)
        out["multi"], made = timed(multi.calculate, 3, 30)
        out["multi_score"] = float(made[-1].sel(LCIA=str((METHOD,)), processes="0"))
    return out


# --- the race ---


def run(words, limit=1800):
    """The JSON a program prints and the most memory it took in MB, or why it has none."""
    child = subprocess.run([sys.executable, "-c", WRAP, str(limit), *map(str, words)], capture_output=True, text=True)
    if child.returncode:
        said = child.stderr.strip().splitlines()
        return None, said[-1][:160] if said else f"ended with code {child.returncode}"
    text, memory = child.stdout.strip().splitlines()[-2:]
    return json.loads(text), float(memory)


# Linux counts the memory of a process from the fork on, so a small one starts the program.
WRAP = """
import resource, subprocess, sys
try:
    code = subprocess.run(sys.argv[2:], timeout=float(sys.argv[1])).returncode
except subprocess.TimeoutExpired:
    sys.exit(f"not finished in {sys.argv[1]} s")
except OSError as error:
    sys.exit(str(error))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
sys.exit(code)
"""


def instance(name, work):
    """The folder of an instance, made when it is not there."""
    folder, (products, mix) = work / name, INSTANCES[name]
    if not (folder / "meta.json").exists():  # written last
        generator = Path(os.environ.get("RACE", "../shared/race")) / "gen_park.py"
        if not generator.exists():
            sys.exit(f"race: no instance {folder}, and no generator {generator}: set RACE")
        words = [sys.executable, generator, "--products", products, "--seed", 1, "--mix", mix, "--out", folder]
        subprocess.run(list(map(str, words)), check=True, stdout=subprocess.DEVNULL)
    return folder


def ours(program, folder, laps):
    """Runs our program, adds its figures to `laps`, and returns what it answered."""
    one = ["--demands", 1, "--method", METHOD]
    calls = {"first": one, "multi": ["--factors"]}
    if folder.name != MILLION:
        calls["draws"] = [*one, "--first-order", "--draws", DRAWS]
    answers = {}
    for call, options in calls.items():
        start = time.perf_counter()
        for _ in range(5):
            made, memory = run([program, folder, *options, "--threads", 2])
            if made is None:
                sys.exit(f"race: solve_triplets {folder}: {memory}")
            answers[call] = made
            s = made["seconds"]
            # What a path does not need is not there: sweeps need no order of little fill and no factors.
            solved = s["analyse"] + s.get("order", 0) + s.get("factorise", 0) + s["solve"]
            figures = {"first": {"first": s["read"] + solved, "memory": memory},
                       "multi": {"multi": s["solve"], "kept": s["solve"], "refactor": s.get("refactorise_lane")}}
            if call == "draws":
                figures["draws"] = {"draws": s["model"] + s["draws"],
                                    "first_order": s["analyse"] + s["model"] + s["first_order"]}
            for figure, value in figures[call].items():
                if value is not None:
                    laps.setdefault(figure, []).append(value)
            if time.perf_counter() - start > 5:
                break
    return answers


def disagreements(answers, expected):
    """What our answers lack, one line each, and one line that says how near they are."""
    wrong = [f"{call}: residual {made['residual']:.1e}" for call, made in answers.items() if not made["residual"] < 1e-12]
    scores = {(s["method"], int(s["set"])): s["value"] for s in answers["multi"]["scores"]}
    wanted = {(m, k): value for m, values in expected["scores"].items() for k, value in enumerate(values)}
    if scores.keys() != wanted.keys():
        wrong.append(f"{len(scores)} scores instead of {len(wanted)}")
    off = max(abs(scores[k] - wanted[k]) / abs(wanted[k]) for k in scores.keys() & wanted.keys())
    if not off <= 1e-9:
        wrong.append(f"scores: off by {off:.1e}")
    said = f"{len(scores)} scores within {off:.0e}, residual {answers['multi']['residual']:.0e}"
    if "draws" not in answers:
        return wrong, said
    drawn, analytic, sample = answers["draws"]["draws"][METHOD], answers["draws"]["first_order"][METHOD], expected["draws"]
    # Standard errors of a mean and of a standard deviation, in parts of the standard deviation; ours and the sample's.
    both = 1 / drawn["n"] + 1 / sample["n"]
    errors = {"mean": both**0.5, "sd": (both * (sample["kurtosis"] - 1) / 4) ** 0.5}
    if drawn["n"] != DRAWS:
        wrong.append(f"{drawn['n']} draws instead of {DRAWS}")
    for what, error in errors.items():
        far = (drawn[what] - sample[what]) / (error * sample["sd"])
        said += f"; draws' {what} {far:+.1f} standard errors off numpy's"
        if not abs(far) <= 4:
            wrong.append(f"draws: {what} {drawn[what]:.6g}, numpy {sample[what]:.6g} ({far:+.1f} standard errors)")
    said += f" ({sample['n']})"
    for what, near in (("mean", 0.01), ("sd", 0.02)):
        ratio = analytic[what] / drawn[what]
        said += f"; first order : draws, {what} {ratio:.4f}"
        if not abs(ratio - 1) <= near + 4 * errors[what] * drawn["sd"] / drawn[what]:
            wrong.append(f"first order: {what} {analytic[what]:.6g}, draws {drawn[what]:.6g}")
    return wrong, said


def peer_disagreements(name, made, expected):
    """A peer that answers something else does other work."""
    score, wrong = expected["scores"][METHOD][0], []
    for key in ("score", "multi_score"):
        # A direct solver's score is ours; an iteration of theirs stops at a residual.
        if not abs(made.get(key, score) / score - 1) <= (1e-9 if name in DIRECT else 1e-6):
            wrong.append(f"{name}: {key} {made[key]:.9g}, reference {score:.9g}")
    if "sample" in made:
        sample, drawn = expected["draws"], made["sample"]
        error = sample["sd"] * (1 / drawn["n"] + 1 / sample["n"]) ** 0.5
        if not abs(drawn["mean"] - sample["mean"]) <= 4 * error:
            wrong.append(f"{name}: mean of {drawn['n']} draws {drawn['mean']:.6g}, numpy {sample['mean']:.6g}")
    return wrong


def race(program, name, work):
    """All figures of an instance: ours, each peer's with its ratio; why a peer has none; what was checked."""
    folder = instance(name, work)
    say(f"{name}: reference")
    expected, why = run([sys.executable, __file__, "reference", folder])
    if expected is None:
        sys.exit(f"race: reference of {name}: {why}")
    say(f"{name}: ours")
    before = {}
    answers = ours(program, folder, before)
    wrong, said = disagreements(answers, expected)
    if wrong:  # no need to wait for the peers
        stop([f"{name}: {line}" for line in wrong])
    laps, cells, missing, notes = {k: list(v) for k, v in before.items()}, {}, {}, [f"{name}: {said}"]
    report = answers.get("draws", answers["first"])["report"]
    notes.append(f"{name}: path {report.get('path_draws', report['path'])}")
    for one in [*PEERS, "KLU"]:
        if name == MILLION and one not in OF_MILLION:
            missing[one] = "not run"
            continue
        say(f"{name}: {one}, ours")
        if one != "KLU":
            made, why = run([sys.executable, __file__, "peer", one, folder])
        elif (work / "klu_bench").exists():
            made, why = run([work / "klu_bench", folder, 21])
            made = made and {"refactor": made["refactor_s"]}
        else:
            made, why = None, "not built (libsuitesparse-dev, klu_bench.c)"
        if made is None:
            missing[one] = why
            continue
        if one != "KLU":
            wrong += peer_disagreements(one, made, expected)
            if made.get("sample", {}).get("n", DRAWS) < DRAWS:
                notes.append(f"{name}: {one} drew {made['sample']['n']}")
        if one == "SuperLU" and expected["kept"]:
            made["kept"] = expected["kept"]
        after = {}
        ours(program, folder, after)
        for figure in made.keys() & set(WORKS.values()):
            near = before.get(figure, []) + after.get(figure, [])
            fewer = figure == "draws" and made["sample"]["n"] < DRAWS
            cells[figure, one] = (made[figure] / median(near) if near else None, made[figure], fewer)
        for figure, values in after.items():
            laps.setdefault(figure, []).extend(values)
        before = after
    own = {figure: median(values) for figure, values in laps.items()}
    return {"own": own, "cells": cells, "missing": missing, "notes": notes, "wrong": [f"{name}: {w}" for w in wrong]}


def amount(figure, value):
    """A figure with its unit, three digits."""
    if value is None:
        return "-"
    if figure == "memory":
        return f"{value:.0f} MB"
    return f"{value:.3g} s" if value >= 1 else f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} us"


def times(ratio):
    return "-" if ratio is None else f"{ratio:.0f} x" if ratio >= 100 else f"{ratio:.3g} x"


def table(results):
    peers = [*PEERS, "KLU"]
    lines = [["work", "instance", "ours", *peers, "best", "bar", "met"]]
    for work, figure in WORKS.items():
        for name, made in results.items():
            cells = {p: made["cells"][figure, p] for p in peers if (figure, p) in made["cells"]}
            own = made["own"].get(figure)
            if own is None and not cells:
                continue
            ratios = {p: ratio for p, (ratio, *_) in cells.items() if ratio is not None}
            best = min(ratios.values(), default=None)
            bars, met = [], []
            for of, bar in BARS.get((figure, name), {}).items():
                if of == "most":
                    bars.append("<= " + amount(figure, bar))
                    met.append("-" if own is None else "yes" if own <= bar else "no")
                else:
                    reached = best if of == "best" else ratios.get(of)
                    bars.append(f"{of} {bar} x")
                    met.append("-" if reached is None else "yes" if reached >= bar else "no")
            shown = []
            for p in peers:
                ratio, value, fewer = cells.get(p, (None, None, False))
                shown.append("-" if value is None else f"{times(ratio)}, {'~' if fewer else ''}{amount(figure, value)}")
            lines.append([work, name, amount(figure, own), *shown, times(best), ", ".join(bars) or "-", ", ".join(met) or "-"])
    widths = [max(map(len, column)) for column in zip(*lines)]
    left = (0, 1, len(widths) - 2, len(widths) - 1)
    return "\n".join(
        "  ".join(cell.ljust(w) if k in left else cell.rjust(w) for k, (cell, w) in enumerate(zip(line, widths))).rstrip()
        for line in lines)


def machine():
    processor = subprocess.run(["lscpu"], capture_output=True, text=True).stdout
    model = next((line.split(":", 1)[1].strip() for line in processor.splitlines() if line.startswith("Model name")), "-")
    return f"{model}, {os.cpu_count()} cores"


def versions():
    from importlib.metadata import PackageNotFoundError, version

    made = []
    for name in ("bw2calc", "numpy", "scipy", "scikit-umfpack", "pypardiso", "mkl"):
        try:
            made.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            made.append(f"{name} missing")
    return ", ".join(made)


def stop(wrong):
    sys.exit("\n".join(["race: answers do not agree, so no table:", *wrong]))


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(words):
    program, work = Path(words[0]).resolve(), Path(os.environ.get("WORK", "/tmp/kernel-race"))
    usual = [name for name in INSTANCES if name != MILLION]
    names = [w for w in words[1:] if w != "--million"] or list(usual)
    unknown = [n for n in names if n not in usual]
    if unknown:
        sys.exit(f"race: no instance {unknown[0]}; there are {', '.join(usual)}, and --million")
    whole = names == usual
    names += [MILLION] if "--million" in words else []
    load = [os.getloadavg()[0]]
    results = {name: race(program, name, work) for name in names}
    load.append(os.getloadavg()[0])

    wrong = [line for made in results.values() for line in made["wrong"]]
    if wrong:
        stop(wrong)
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    missing = sorted({f"{p} missing in {n}: {why}" for n, made in results.items() for p, why in made["missing"].items()})
    notes = [line for made in results.values() for line in made["notes"]]
    text = "\n".join([
        f"The kernel's race, {date.today()}, commit {commit}", f"{machine()}, load {load[0]:.1f} to {load[1]:.1f}",
        versions(), "", table(results), "", *missing, *notes, "", NOTES, ""])
    print(text)
    # A part of the race is no result.
    out = (Path("benches/results") if whole else work) / f"{date.today()}-kernel.txt"
    out.write_text(text, encoding="utf-8")
    say(f"written to {out}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["reference"]:
        print(json.dumps(reference(sys.argv[2])))
    elif sys.argv[1:2] == ["peer"]:
        print(json.dumps(peer(*sys.argv[2:])))
    elif len(sys.argv) > 1:
        main(sys.argv[1:])
    else:
        sys.exit(__doc__)
