"""Layouts of vendors: the same calls, written as each system writes them, come in as the same calls.

Where each layout comes from, and what of it was seen in a document, stands in its file (`sources`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from calibration.test_reading_calls import CALLS, epoch, in_zone, run, same

from simsvc.calibration.calls.layouts import layout_text, load_layout, vendors
from simsvc.calibration.calls.records import CallRecords, read_calls
from simsvc.errors import InputError

SERVED = CALLS["outcome"] == "served"
SERVICE = pd.to_numeric(CALLS["service_time"]).fillna(0).astype(int)
IDS = pd.Series([f"c{k}" for k in range(len(CALLS))])


def write(folder: Path, table: pd.DataFrame, sep: str = ",", header: bool = True) -> Path:
    table.to_csv(folder / "calls.csv", index=False, sep=sep, header=header)
    return folder / "calls.csv"


def queue_log(folder: Path) -> CallRecords:
    """Three events a call, the last of which tells everything; the parameters of ABANDON are others."""
    ends = epoch(1)(CALLS["arrival"] + pd.to_timedelta(CALLS["wait"] + SERVICE, unit="s"))
    lines = []
    for k, call in CALLS.iterrows():
        lines.append(f"{epoch(1)(CALLS['arrival'][k : k + 1])[0]}|{IDS[k]}|sales|NONE|ENTERQUEUE||{call.customer}|1")
        served = call.outcome == "served"
        if served:
            lines.append(f"{ends[k]}|{IDS[k]}|sales|SIP/{call.agent}|CONNECT|{call.wait}|x|2")
            lines.append(f"{ends[k]}|{IDS[k]}|sales|SIP/{call.agent}|COMPLETECALLER|{call.wait}|{SERVICE[k]}|1")
        else:
            lines.append(f"{ends[k]}|{IDS[k]}|sales|NONE|ABANDON|1|1|{call.wait}")
    (folder / "queue_log").write_text("\n".join(["1|NONE|NONE|NONE|QUEUESTART|", *lines]))
    return read_calls(folder / "queue_log", "asterisk_queue_log")


def cdr_table() -> pd.DataFrame:
    """Duration is from start to end, billsec from the answer on."""
    names = (
        "accountcode src dst dcontext clid channel dstchannel lastapp lastdata start answer end duration billsec "
        "disposition amaflags uniqueid userfield"
    )
    table = pd.DataFrame("", index=CALLS.index, columns=names.split())
    return table.assign(
        src=CALLS["customer"], dst="100", start=CALLS["arrival"], duration=CALLS["wait"] + SERVICE, billsec=SERVICE,
        disposition=np.where(SERVED, "ANSWERED", "NO ANSWER"), uniqueid=IDS, dstchannel="SIP/7-0001", lastapp="Dial",
    )  # fmt: skip


def cdr(folder: Path) -> CallRecords:
    """Recognised by its columns; a busy line is no call to the queue."""
    table = pd.concat([cdr_table(), cdr_table().head(3).assign(disposition="BUSY", uniqueid=["x", "y", "z"])])
    read = read_calls(write(folder, table))
    assert read.ignored == 3
    assert any("by the layout asterisk_cdr" in note for note in read.notes)
    return read


def cdr_csv(folder: Path) -> CallRecords:
    return read_calls(write(folder, cdr_table(), header=False), "asterisk_cdr_csv")


def connect(folder: Path) -> CallRecords:
    """UTC; records come more than once, and calls that agents make are among them."""
    talk = np.where(SERVED, (SERVICE - 10).astype(str), "")
    table = pd.DataFrame(
        {
            "ContactId": IDS,
            "InitiationMethod": "INBOUND",
            "Queue.EnqueueTimestamp": in_zone(CALLS["arrival"], "UTC"),
            "Queue.Duration": CALLS["wait"],
            "Agent.AgentInteractionDuration": talk,
            "Agent.CustomerHoldDuration": np.where(SERVED, "4", ""),
            "Agent.AfterContactWorkDuration": np.where(SERVED, "6", ""),
            "Agent.Username": CALLS["agent"],
        }
    )
    table = pd.concat([table.head(9).assign(**{"Queue.Duration": 1}), table, table.assign(InitiationMethod="OUTBOUND")])
    read = read_calls(write(folder, table), "amazon_connect", zone="Europe/Berlin")
    assert any("9 of" in note and "the last of each is kept" in note for note in read.notes)
    return read


def avaya(folder: Path) -> CallRecords:
    table = pd.DataFrame(
        {
            "CALLID": IDS,
            "SEGSTART": epoch(1)([t.tz_localize("Europe/Berlin").tz_convert(None) for t in CALLS["arrival"]]),
            "DISPTIME": CALLS["wait"], "TALKTIME": (SERVICE - 11).clip(0), "ANSHOLDTIME": np.where(SERVED, 5, 0),
            "ACWTIME": np.where(SERVED, 6, 0), "DISPOSITION": np.where(SERVED, 2, 3), "ANSLOGIN": CALLS["agent"],
            "SPLIT1": 1, "calling_pty": CALLS["customer"],
        }
    )  # fmt: skip
    return read_calls(write(folder, table), "avaya_cms", zone="Europe/Berlin")


def nice(folder: Path) -> CallRecords:
    """Month before day, which the first days of a month would not tell."""
    entered = CALLS["arrival"] - pd.Timedelta(seconds=20)
    table = pd.DataFrame(
        {
            "Contact_ID": IDS,
            "Start_Date": entered.dt.strftime("%m/%d/%Y"), "Start_Time": entered.dt.strftime("%H:%M:%S"),
            "PreQueue": 20, "InQueue": CALLS["wait"], "Agent_Time": np.where(SERVED, SERVICE.astype(str), ""),
            "Abandon": np.where(SERVED, "N", "Y"), "Agent_No": CALLS["agent"], "Skill_Name": "sales",
        }
    )  # fmt: skip
    return read_calls(write(folder, table), "nice_cxone")


def genesys(folder: Path) -> CallRecords:
    table = pd.DataFrame(
        {
            "Conversation ID": IDS, "Date": CALLS["arrival"].dt.strftime("%m/%d/%y %I:%M:%S %p"), "Queue": "sales",
            "Total Queue": CALLS["wait"] * 1000, "Total Handle": np.where(SERVED, (SERVICE * 1000).astype(str), ""),
            "Abandoned": np.where(SERVED, "NO", "YES"), "Users": CALLS["agent"],
        }
    )  # fmt: skip
    table = pd.concat([table, table.head(4).assign(Queue="")])
    return read_calls(write(folder, table), "genesys_cloud")


def zendesk(folder: Path) -> CallRecords:
    table = pd.DataFrame(
        {
            "id": IDS, "created_at": in_zone(CALLS["arrival"], "UTC"), "direction": "inbound",
            "wait_time": CALLS["wait"],
            "talk_time": np.where(SERVED, SERVICE.astype(str), ""), "agent_id": CALLS["agent"],
            "completion_status": np.where(SERVED, "completed", "abandoned_in_queue"),
        }
    )  # fmt: skip
    other = table.head(2).assign(completion_status="abandoned_in_ivr", id=["x", "y"])
    return read_calls(write(folder, pd.concat([table, other])), "zendesk_talk", zone="Europe/Berlin")


def tickets_of(read: CallRecords) -> CallRecords:
    """Nobody gives up, the work is unknown, and who waits for the first reply is left out, which is said."""
    assert any("rows are left out by the layout" in note and "is empty" in note for note in read.notes)
    assert read.has == {"agent", "customer", "type"}
    return read


def zendesk_tickets(folder: Path) -> CallRecords:
    """Minutes from creation to the first public reply, null until then.

    https://support.zendesk.com/hc/en-us/articles/4408834848154
    """
    table = pd.DataFrame(
        {
            "id": IDS, "created_at": in_zone(CALLS["arrival"], "UTC"), "requester_id": CALLS["customer"],
            "assignee_id": CALLS["agent"], "group_id": 7,
            "metric_set.reply_time_in_minutes.calendar": np.where(SERVED, CALLS["wait"].astype(str), ""),
            "metric_set.reply_time_in_minutes.business": 1,
        }
    )  # fmt: skip
    return tickets_of(read_calls(write(folder, table), "zendesk_tickets", zone="Europe/Berlin"))


def freshdesk_tickets(folder: Path) -> CallRecords:
    """Times of creation and of the first response (https://developers.freshworks.com/freshdesk-sdk/docs/Stats.html)."""
    replied = CALLS["arrival"] + pd.to_timedelta(60 * CALLS["wait"], unit="s")
    table = pd.DataFrame(
        {
            "Ticket ID": IDS, "Created time": CALLS["arrival"], "Initial response time": replied.where(SERVED),
            "Agent": CALLS["agent"], "Group": "sales", "Email": CALLS["customer"],
        }
    )  # fmt: skip
    return tickets_of(read_calls(write(folder, table), "freshdesk_tickets"))


READERS: dict[str, Callable[[Path], CallRecords]] = {
    "asterisk_queue_log": queue_log, "asterisk_cdr": cdr, "asterisk_cdr_csv": cdr_csv, "amazon_connect": connect,
    "avaya_cms": avaya, "nice_cxone": nice, "genesys_cloud": genesys, "zendesk_talk": zendesk,
    "zendesk_tickets": zendesk_tickets, "freshdesk_tickets": freshdesk_tickets,
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_calls_in_the_layout_of_a_vendor_are_read_as_they_were(tmp_path: Path, name: str) -> None:
    read = READERS[name](tmp_path)
    if name == "asterisk_queue_log":  # in UTC: an hour's difference is not the layout's
        assert read.notes[0].startswith("WARNING: times are in UTC")
    if name.endswith("tickets"):  # the waits are so many minutes
        calls = CALLS[SERVED].assign(wait=60 * CALLS["wait"], service_time=None)
        read = replace(read, calls=read.calls.assign(wait=60 * (read.calls["wait"] // 60)))
    else:
        calls = CALLS
    same(read, calls)
    if not name.startswith("asterisk_cdr"):  # whose channels have a name of their own for every call
        assert read.calls["agent"][read.calls["served"]].notna().all()


def test_every_layout_says_what_it_is_where_it_comes_from_and_has_its_test() -> None:
    assert {*READERS, "technion"} == set(vendors())
    for name in vendors():
        content = tomllib.loads(layout_text(name))
        assert len(content["about"]) <= 120
        assert content["sources"]
        assert load_layout(name).columns


def test_layouts_are_listed_and_shown(tmp_path: Path) -> None:
    listed = run("--layout", "list")
    assert listed.exit_code == 0
    assert all(name in listed.stdout for name in vendors())
    shown = run("--layout", "avaya_cms", "--show")
    assert shown.stdout == layout_text("avaya_cms")
    assert isinstance(run("--show").exception, InputError)
    assert isinstance(run().exception, InputError)
    # a layout that is shown, saved and given back reads the same
    (tmp_path / "mine.toml").write_text(run("--layout", "avaya_cms", "--show").stdout)
    avaya(tmp_path)
    same(read_calls(tmp_path / "calls.csv", str(tmp_path / "mine.toml"), zone="Europe/Berlin"))
