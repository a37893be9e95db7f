/** `?`: every shortcut, in one sheet. */
import { Modal } from "@mantine/core";
import { useKept } from "@/ui/kept";
import { Link } from "@/ui/Link";
import { t as ui } from "@/ui/words";
import { t } from "./words";

type Word = Parameters<typeof t>[0];
const GROUPS: { title: Word; rows: { keys: string[]; what: Word; single?: true }[] }[] = [
  {
    title: "keys_everywhere",
    rows: [
      { keys: ["Ctrl K"], what: "key_palette" },
      { keys: ["/"], what: "key_palette", single: true },
      { keys: ["?"], what: "key_sheet", single: true },
      { keys: ["key_escape"], what: "key_close" },
    ],
  },
  {
    title: "keys_lists",
    rows: [
      { keys: ["↑", "↓"], what: "key_rows", single: true },
      { keys: ["key_enter"], what: "key_open" },
      { keys: ["←", "→"], what: "key_weeks", single: true },
    ],
  },
  {
    title: "keys_dialogs",
    rows: [
      { keys: ["↑", "↓"], what: "key_reason" },
      { keys: ["key_enter"], what: "key_confirm" },
    ],
  },
];

export default function Shortcuts({ close }: { close: () => void }) {
  const [singles] = useKept("single_keys", true);
  return (
    <Modal opened onClose={close} title={t("shortcuts")} centered size={520} closeButtonProps={{ "aria-label": ui("close") }}>
      <div className="stack">
        {GROUPS.map((group) => (
          <section key={group.title} className="shortcuts">
            <h3>{t(group.title)}</h3>
            <dl>
              {group.rows
                .filter((row) => singles || !row.single)
                .map((row) => (
                  <div key={row.keys.join() + row.what}>
                    <dt>
                      {row.keys.map((key) => (
                        <kbd key={key}>{key.startsWith("key_") ? t(key as Word) : key}</kbd>
                      ))}
                    </dt>
                    <dd>{t(row.what)}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <p className="note">
          {t(singles ? "singles_on" : "singles_off")}{" "}
          <Link to="/admin/account" className="shortcuts-link" onClick={close}>
            {t("singles_change")}
          </Link>
        </p>
      </div>
    </Modal>
  );
}
