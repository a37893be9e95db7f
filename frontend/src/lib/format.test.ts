import { describe, expect, it } from "vitest";
import { date, dateTime, delta, money, number, percent, phone, rate, sentence, time } from "./format";
import { french } from "./typography";

const points = (text: string) => [...text].map((one) => one.codePointAt(0)!.toString(16).padStart(4, "0"));

describe("figures, by code point", () => {
  it("puts U+202F between thousands, before € and %", () => {
    expect(number(1968)).toBe("1\u202F968");
    expect(money("1234.5")).toBe("1\u202F234,50\u202F€");
    expect(percent(0.123)).toBe("12,3\u202F%");
    expect(["20.00", "12.75", "5.50", null].map(rate)).toEqual(["20\u202F%", "12,75\u202F%", "5,5\u202F%", "–"]);
    expect(points(money("-1.00"))).toEqual(points("\u22121,00\u202F€"));
    expect(delta(3, 5)).toBe("\u22122");
  });
  it("shows nothing for what is not known", () => {
    expect([number(null), money(""), percent(undefined), phone("")]).toEqual(["–", "–", "–", "–"]);
  });
  it("groups French numbers by two and leaves the others", () => {
    expect(phone("+33199004217").replace(/\u00A0/g, " ")).toBe("01 99 00 42 17");
    expect(phone("+590690001234")).toBe("+590690001234");
  });
});

describe("Paris time, whatever the browser's", () => {
  it("holds across midnight and both clock changes", () => {
    expect(dateTime("2026-11-23T08:31:00Z")).toBe("23/11/2026 09:31");
    expect(date("2026-03-28T23:30:00Z")).toBe("29/03/2026");
    expect(time("2026-03-29T01:00:00Z")).toBe("03:00");
    expect(time("2026-10-25T00:30:00Z")).toBe("02:30");
    expect(date("2026-11-23")).toBe("23/11/2026");
    expect(sentence("2026-11-23T08:30:00Z")).toBe("lundi 23 novembre à 9\u00A0h\u00A030");
  });
});

describe("typography", () => {
  it("is put by the machine", () => {
    expect(french("Rejeter « Camille » ? L'envoi : 9 h 30...")).toBe(
      "Rejeter «\u202FCamille\u202F»\u202F? L’envoi\u202F: 9\u00A0h\u00A030…",
    );
  });
});
