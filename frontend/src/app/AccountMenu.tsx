import { Menu, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconCheck, IconUserCircle } from "@tabler/icons-react";
import { useNavigate } from "react-router";
import { askTour } from "@/features/tour/asked";
import { useLanguage } from "@/lib/i18n";
import { keep } from "@/ui/kept";
import { t as nav } from "./navigation";
import { useHref } from "./scope";
import { useLogOut, useSession, useTourOffered } from "./session";
import { t } from "./words";

const SCHEMES: [MantineColorScheme, "light" | "dark" | "system"][] = [["light", "light"], ["dark", "dark"], ["auto", "system"]];

export function AccountMenu({ showShortcuts }: { showShortcuts: () => void }) {
  const { user } = useSession();
  const navigate = useNavigate();
  const href = useHref();
  const logOut = useLogOut();
  const tour = useTourOffered();
  const language = useLanguage();
  const { colorScheme } = useMantineColorScheme();
  const tick = (on: boolean) => (on ? <IconCheck size={16} aria-hidden /> : null);
  return (
    <Menu position="bottom-end" shadow="md" width={240} withinPortal>
      <Menu.Target>
        <button type="button" className="icon-btn" aria-label={t("account", { name: user.nom })}>
          <IconUserCircle size={20} stroke={1.75} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="menu-who">
          <strong>{user.nom}</strong>
          <span className="note">{user.email}</span>
        </div>
        <Menu.Item onClick={() => void navigate(href("/admin/account"))}>{nav("account")}</Menu.Item>
        <Menu.Item onClick={() => void navigate(href("/admin/tasks"))}>{nav("tasks")}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("theme")}</Menu.Label>
        {SCHEMES.map(([scheme, word]) => (
          <Menu.Item key={scheme} rightSection={tick(colorScheme === scheme)} onClick={() => keep({ theme: scheme })}>
            {t(word)}
          </Menu.Item>
        ))}
        <Menu.Label>{t("language")}</Menu.Label>
        <Menu.Item rightSection={tick(language === "fr")} onClick={() => keep({ language: "fr" })} lang="fr">
          {t("french")}
        </Menu.Item>
        <Menu.Item rightSection={tick(language === "en")} onClick={() => keep({ language: "en" })} lang="en">
          {t("english")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={showShortcuts} aria-keyshortcuts="?" rightSection={<kbd>?</kbd>}>
          {t("shortcuts")}
        </Menu.Item>
        {tour && <Menu.Item onClick={askTour}>{t("tour")}</Menu.Item>}
        <Menu.Item onClick={() => void logOut()}>{t("logout")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
