// @vitest-environment jsdom
import { expect, test } from "vitest";
import { legalBody } from "./LegalTab";

test("amounts are sent with a point, an empty amount is left out, an emptied text is cleared", () => {
  const texts = { capital: "10 000,50", recovery_indemnity: "", payment_terms_days: "30", city: " ", siren: "000000034" };
  expect(legalBody({ ...texts, vat_on: "debits" } as never)).toEqual({
    capital: "10000.50", payment_terms_days: 30, city: "", siren: "000000034", vat_on: "debits",
  });
});
