/** The navigation (design.md 26-28): order, names and permission of every page. A page not built yet has no `to`. */
import {
  IconBuildingStore, IconChartBar, IconClipboardList, IconFileInvoice, IconGauge, IconHeartbeat, IconHistory,
  IconMailForward, IconMap2, IconPackage, IconReportMoney, IconSend, IconSettings, IconTransfer, IconTruckDelivery, IconUsers,
  IconUsersGroup, type Icon,
} from "@tabler/icons-react";
import type { Schema } from "@/api/types";
import { defineWords } from "@/lib/i18n";

export const t = defineWords("nav", {
  fr: {
    daily: "Au quotidien", trade: "Clients et commandes", sources: "Sources", finance: "Finance", administration: "Administration",
    cockpit: "Cockpit", leads: "Leads", deliveries: "Livraisons", batches: "Lots", outbox: "File d'envoi", clients: "Clients",
    commandes: "Commandes", departements: "Départements", providers: "Fournisseurs", monitoring: "Qualité des sources",
    billing: "Facturation", invoices: "Factures", intercompany: "Intersociétés", activity: "Journal", users: "Utilisateurs",
    settings: "Paramètres", health: "Santé", account: "Mon compte", tasks: "Mes tâches", main: "Navigation principale",
  },
  en: {
    daily: "Every day", trade: "Clients and orders", sources: "Sources", finance: "Finance", administration: "Administration",
    cockpit: "Cockpit", leads: "Leads", deliveries: "Deliveries", batches: "Batches", outbox: "Outbox", clients: "Clients",
    commandes: "Orders", departements: "Départements", providers: "Providers", monitoring: "Source quality", billing: "Billing",
    invoices: "Invoices", intercompany: "Intercompany", activity: "Activity", users: "Users", settings: "Settings",
    health: "Health", account: "My account", tasks: "My tasks",
  },
});

type Counts = Schema<"Counts">;
export interface Entry {
  key: Parameters<typeof t>[0];
  to: string;
  permission: string;
  icon: Icon;
  /** The figure of `GET /api/me/bootstrap` that says how many things wait there. */
  count?: keyof Counts;
  /** The route exists. Set it when you add the page. */
  built?: true;
}
export interface Section {
  key?: Parameters<typeof t>[0];
  entries: Entry[];
}

export const NAVIGATION: Section[] = [
  { entries: [{ key: "cockpit", to: "/admin/dashboard", permission: "dashboard.view", icon: IconGauge, built: true }] },
  {
    key: "daily",
    entries: [
      { key: "leads", to: "/admin/leads", permission: "leads.view", icon: IconUsersGroup, built: true },
      { key: "deliveries", to: "/admin/deliveries", permission: "deliveries.view", icon: IconTruckDelivery, count: "deliveries", built: true },
      { key: "batches", to: "/admin/batches", permission: "deliveries.view", icon: IconPackage, built: true },
      { key: "outbox", to: "/admin/outbox", permission: "outbox.view", icon: IconSend, count: "outbox", built: true },
    ],
  },
  {
    key: "trade",
    entries: [
      { key: "clients", to: "/admin/clients", permission: "clients.view", icon: IconBuildingStore, built: true },
      { key: "commandes", to: "/admin/commandes", permission: "commandes.view", icon: IconClipboardList, built: true },
      { key: "departements", to: "/admin/departements", permission: "departements.view", icon: IconMap2, built: true },
    ],
  },
  {
    key: "sources",
    entries: [
      { key: "providers", to: "/admin/providers", permission: "providers.access", icon: IconMailForward, built: true },
      { key: "monitoring", to: "/admin/monitoring", permission: "dashboard.view", icon: IconChartBar, built: true },
    ],
  },
  {
    key: "finance",
    entries: [
      { key: "billing", to: "/admin/facturation", permission: "billing.view", icon: IconReportMoney, built: true },
      { key: "invoices", to: "/admin/invoices", permission: "billing.view", icon: IconFileInvoice, built: true },
      { key: "intercompany", to: "/admin/intercompany", permission: "intercompany.view", icon: IconTransfer, built: true },
    ],
  },
  {
    key: "administration",
    entries: [
      { key: "activity", to: "/admin/activity", permission: "activity.view", icon: IconHistory, built: true },
      { key: "users", to: "/admin/users", permission: "users.manage", icon: IconUsers, built: true },
      { key: "settings", to: "/admin/settings", permission: "settings.access", icon: IconSettings, built: true },
      { key: "health", to: "/admin/health", permission: "system.view", icon: IconHeartbeat, built: true },
    ],
  },
];


/** The pages a user may open, in order. */
export function opened(can: (permission: string) => boolean): Section[] {
  return NAVIGATION.map((one) => ({ ...one, entries: one.entries.filter((entry) => entry.built && can(entry.permission)) })).filter(
    (one) => one.entries.length > 0,
  );
}
