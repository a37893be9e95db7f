/** Ctrl K and `/`: go to a page, or look for text. Skeleton: objects come with `GET /api/search`. */
import { Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";
import { opened, t as nav } from "./navigation";
import { useHref } from "./scope";
import { useCan } from "./session";
import { t } from "./words";

interface Choice {
  key: string;
  label: string;
  to: string;
}

const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export default function Palette({ close }: { close: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const href = useHref();
  const choices = useChoices(text.trim());
  const go = (one: Choice | undefined) => {
    if (!one) return;
    close();
    void navigate(href(one.to));
  };
  const pressed = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === "Enter") go(choices[at]);
    else if (step && choices.length) setAt((at + step + choices.length) % choices.length);
    else return;
    event.preventDefault();
  };
  return (
    <Modal opened onClose={close} withCloseButton={false} size={560} yOffset="12vh" aria-label={t("palette")} padding={0}>
      <div className="palette">
        <TextInput
          data-autofocus
          size="md"
          variant="unstyled"
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={choices[at] ? `palette-${choices[at].key}` : undefined}
          aria-label={t("palette")}
          placeholder={t("search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={pressed}
        />
        <ul id="palette-list" role="listbox" aria-label={t("pages")}>
          {choices.map((one, index) => (
            // The keys are handled by the input above, which keeps the focus.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <li key={one.key} id={`palette-${one.key}`} role="option" aria-selected={index === at} onClick={() => go(one)}>
              {one.label}
            </li>
          ))}
        </ul>
        {!choices.length && <p className="empty note">{t("nothing", { text })}</p>}
      </div>
    </Modal>
  );
}

function useChoices(text: string): Choice[] {
  const can = useCan();
  const pages = opened(can)
    .flatMap((section) => section.entries)
    .map((one) => ({ key: one.key, label: nav(one.key), to: one.to }))
    .filter((one) => folded(one.label).includes(folded(text)));
  const leads = can("leads.view") && text.length > 1;
  return leads ? [{ key: "search-leads", label: t("search_leads", { text }), to: `/admin/leads?q=${encodeURIComponent(text)}` }, ...pages] : pages;
}
