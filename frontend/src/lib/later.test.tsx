// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, expect, test } from "vitest";
import { later } from "./later";

function Hello({ name }: { name: string }) {
  return <p>Bonjour {name}</p>;
}

afterEach(cleanup);

function show(Greeting: ReturnType<typeof later<{ name: string }>>) {
  return (
    <Suspense fallback={<p>Un instant</p>}>
      <Greeting name="Camille" />
    </Suspense>
  );
}

test("what was fetched ahead is shown at once", async () => {
  const Greeting = later(async () => ({ default: Hello }));
  Greeting.fetch();
  await new Promise((resolve) => setTimeout(resolve));
  render(show(Greeting));
  expect(screen.queryByText("Un instant")).toBeNull();
  expect(screen.getByText("Bonjour Camille")).toBeTruthy();
});

test("what was not is waited for, and a failed fetch is made again when it is shown", async () => {
  let asked = 0;
  const Greeting = later(async () => {
    asked += 1;
    if (asked === 1) throw new Error("hors ligne");
    return { default: Hello };
  });
  Greeting.fetch();
  await new Promise((resolve) => setTimeout(resolve));
  await act(async () => render(show(Greeting)));
  expect(await screen.findByText("Bonjour Camille")).toBeTruthy();
  expect(asked).toBe(2);
});
