/** Ctrl K and `/`: what was opened last, what can be done here, the pages, and everything that `GET /api/search` finds. */
import { Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useMemo, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { TonePill } from "@/ui/Pill";
import { useHref } from "./scope";
import { useSections, type Choice, type Section } from "./sections";
import { t } from "./words";

export default function Palette({ taken, close, showShortcuts }: { taken: () => string; close: () => void; showShortcuts: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [entered, setEntered] = useState(false);
  const navigate = useNavigate();
  const href = useHref();
  const { sections, pending, error, retry } = useSections(text.trim(), showShortcuts);
  const choices = useMemo(() => sections.flatMap((one) => one.choices), [sections]);
  const chosen = choices[Math.min(at, choices.length - 1)];
  const choose = (one: Choice | undefined) => {
    if (!one || one.refusal) return;
    close();
    if (one.to) void navigate(href(one.to));
    else one.run?.();
  };
  const found = useEffectEvent(() => {
    setEntered(false);
    choose(choices[0]);
  });
  useEffect(() => {
    if (entered && !pending) found();
  }, [entered, pending]);
  const pressed = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === "Enter") {
      if (chosen) choose(chosen);
      else setEntered(pending); // what is being looked for opens when it is found
    } else if (step && choices.length) setAt((Math.min(at, choices.length - 1) + step + choices.length) % choices.length);
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root opened onClose={close} size={640} yOffset="12vh" returnFocus={false}>
      <Modal.Overlay />
      <Modal.Content className="palette" aria-label={t("palette")}>
        <TextInput
          data-autofocus
          onFocus={() => {
            const early = taken();
            if (early) setText((now) => early + now);
          }}
          size="md"
          variant="unstyled"
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={chosen ? `palette-${chosen.key}` : undefined}
          aria-label={t("palette")}
          placeholder={t("search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
            setEntered(false);
          }}
          onKeyDown={pressed}
        />
        <div id="palette-list" role="listbox" aria-label={t("choices")}>
          {sections.map((section) => (
            <Choices key={section.key} section={section} chosen={chosen} choose={choose} />
          ))}
        </div>
        {error !== null && <ErrorBlock error={error} retry={retry} />}
        <p className="note palette-foot" role="status">
          {pending ? t("searching") : choices.length ? t("palette_help") : t("nothing", { text })}
        </p>
      </Modal.Content>
    </Modal.Root>
  );
}

function Choices({ section, chosen, choose }: { section: Section; chosen: Choice | undefined; choose: (one: Choice) => void }) {
  return (
    <div role="group" aria-labelledby={`palette-in-${section.key}`}>
      <div className="palette-title" id={`palette-in-${section.key}`} role="presentation">
        {section.title}
      </div>
      {section.choices.map((one) => (
        <Option key={one.key} one={one} selected={one === chosen} choose={choose} />
      ))}
    </div>
  );
}

function Option({ one, selected, choose }: { one: Choice; selected: boolean; choose: (one: Choice) => void }) {
  return (
    // The keys are handled by the input, which keeps the focus.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`palette-${one.key}`}
      role="option"
      tabIndex={-1}
      className="palette-option"
      aria-selected={selected}
      aria-disabled={one.refusal ? true : undefined}
      ref={selected ? (node) => node?.scrollIntoView({ block: "nearest" }) : undefined}
      onClick={() => choose(one)}
    >
      <span className="palette-label">{one.label}</span>
      <span className="note palette-detail">{one.refusal ?? one.detail}</span>
      {one.state && <TonePill tone={one.state.tone}>{one.state.text}</TonePill>}
      {one.entity && <EntityBadge code={one.entity} />}
    </div>
  );
}
