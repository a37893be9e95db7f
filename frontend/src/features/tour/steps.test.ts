import { expect, test } from "vitest";
import { isDone, STEPS, type State } from "./steps";

const begun: State = {
  number: 1, of: 10, phone: "01 99 00 42 17", lead_id: "L", delivery_id: "D", client_id: "C", client_name: "Habitat Occitan", week: "2026-W10",
  rejected: false, resold: null, invoice_id: null, issued: false,
};
const resold = { delivery_id: "E", client_name: "Énergies du Rhône", batch_id: "B", sent: true, downloaded: true };
const nowhere = { pathname: "/admin/dashboard", whyOpen: false };

test("nothing is done before the server, or the page on screen, says so", () => {
  expect(STEPS.filter((one) => isDone(one, begun, nowhere))).toEqual([]);
  expect(STEPS.filter((one) => isDone(one, begun, { pathname: "/admin/leads/autre", whyOpen: true }))).toEqual([]);
});

test("each step has its own proof", () => {
  const over = { ...begun, rejected: true, resold, issued: true };
  expect(STEPS.filter((one) => isDone(one, over, nowhere))).toEqual(["reject", "resell", "send", "read", "bill"]);
  expect(isDone("find", begun, { pathname: "/admin/leads/L", whyOpen: false })).toBe(true);
  expect(isDone("why", begun, { pathname: "/admin/leads/L", whyOpen: true })).toBe(true);
  expect(isDone("prove", over, { pathname: "/admin/batches/B", whyOpen: false })).toBe(true);
});
