/** Every address. A page is fetched when it is opened: `page("leads.view", () => import(...))`. */
import { lazy, type ComponentType, type ReactNode } from "react";
import { createBrowserRouter, matchRoutes, Navigate, type RouteObject } from "react-router";
import LoginPage from "@/features/accounts/LoginPage";
import { later, type Later } from "@/lib/later";
import { Broken, Guard, NotFound } from "./Guard";
import { Shell } from "./Shell";

const code = new Map<ReactNode, Later<object>>();

function page(permission: string | undefined, load: () => Promise<{ default: ComponentType }>) {
  const Loaded = later(load);
  const element = (
    <Guard {...(permission ? { permission } : {})}>
      <Loaded />
    </Guard>
  );
  code.set(element, Loaded);
  return element;
}

/** The code of the page at this address comes while the session is asked for. */
export function fetchAhead(pathname: string): void {
  for (const { route } of matchRoutes(PAGES, pathname, "/admin") ?? []) code.get(route.element)?.fetch();
}

const ForgotPage = lazy(() => import("@/features/accounts/ForgotPage"));
const ChoosePage = lazy(() => import("@/features/accounts/ChoosePage"));

export const PAGES: RouteObject[] = [
  { path: "dashboard", element: page("dashboard.view", () => import("@/features/cockpit/CockpitPage")) },
  { path: "envoi", element: page("deliveries.view", () => import("@/features/delivery_run/RunPage")) },
  { path: "leads", element: page("leads.view", () => import("@/features/leads/LeadsPage")) },
  { path: "leads/essai", element: page("leads.edit_status", () => import("@/features/leads/BenchPage")) },
  { path: "leads/nouveau", element: page("leads.edit_status", () => import("@/features/leads/EntryPage")) },
  { path: "leads/:id/corriger", element: page("leads.edit_status", () => import("@/features/leads/CorrectPage")) },
  { path: "leads/:id", element: page("leads.view", () => import("@/features/leads/LeadPage")) },
  { path: "deliveries", element: page("deliveries.view", () => import("@/features/deliveries/DeliveriesPage")) },
  { path: "batches", element: page("deliveries.view", () => import("@/features/receipts/BatchesPage")) },
  { path: "batches/:id", element: page("deliveries.view", () => import("@/features/receipts/BatchPage")) },
  { path: "outbox", element: page("outbox.view", () => import("@/features/outbox/OutboxPage")) },
  { path: "health", element: page("system.view", () => import("@/features/system/HealthPage")) },
  { path: "activity", element: page("activity.view", () => import("@/features/audit/ActivityPage")) },
  { path: "users", element: page("users.manage", () => import("@/features/users/UsersPage")) },
  { path: "settings/:tab?/:entity?", element: page("settings.access", () => import("@/features/parametres/SettingsPage")) },
  { path: "facturation", element: page("billing.view", () => import("@/features/billing/BillingPage")) },
  { path: "invoices", element: page("billing.view", () => import("@/features/invoices/InvoicesPage")) },
  { path: "invoices/nouveau", element: page("billing.manage", () => import("@/features/invoices/DraftPage")) },
  { path: "invoices/:id", element: page("billing.view", () => import("@/features/invoices/InvoicePage")) },
  { path: "invoices/:id/modifier", element: page("billing.manage", () => import("@/features/invoices/DraftPage")) },
  { path: "clients/:id/releve", element: page("billing.view", () => import("@/features/billing/StatementPage")) },
  { path: "intercompany", element: page("intercompany.view", () => import("@/features/intercompany/IntercompanyPage")) },
  { path: "intercompany/:id", element: page("intercompany.view", () => import("@/features/intercompany/BetweenPage")) },
  { path: "clients", element: page("clients.view", () => import("@/features/clients/ClientsPage")) },
  { path: "clients/nouveau", element: page("clients.create", () => import("@/features/clients/ClientFormPage")) },
  { path: "clients/:id", element: page("clients.view", () => import("@/features/clients/ClientPage")) },
  { path: "clients/:id/modifier", element: page("clients.edit", () => import("@/features/clients/ClientFormPage")) },
  { path: "clients/:id/rejets", element: page("deliveries.outcome", () => import("@/features/bulk/RejectsPage")) },
  { path: "commandes", element: page("commandes.view", () => import("@/features/commandes/CommandesPage")) },
  { path: "commandes/nouvelle", element: page("commandes.create", () => import("@/features/commandes/CommandeFormPage")) },
  { path: "commandes/:id", element: page("commandes.view", () => import("@/features/commandes/CommandePage")) },
  { path: "commandes/:id/modifier", element: page("commandes.view", () => import("@/features/commandes/CommandeFormPage")) },
  { path: "departements", element: page("departements.view", () => import("@/features/departements/DepartementsPage")) },
  { path: "providers", element: page("providers.access", () => import("@/features/providers/ProvidersPage")) },
  { path: "providers/:id", element: page("providers.access", () => import("@/features/providers/ProviderPage")) },
  { path: "monitoring", element: page("dashboard.view", () => import("@/features/quality/QualityPage")) },
  { path: "import", element: page(undefined, () => import("@/features/imports/ImportPage")) },
  { path: "tasks", element: page(undefined, () => import("@/features/tasks/TasksPage")) },
  { path: "tasks/:id", element: page(undefined, () => import("@/features/tasks/TaskPage")) },
  { path: "account", element: page(undefined, () => import("@/features/accounts/AccountPage")) },
];

export const router = createBrowserRouter([
  { path: "/login", element: <LoginPage />, errorElement: <Broken /> },
  { path: "/mot-de-passe-oublie", element: <ForgotPage />, errorElement: <Broken /> },
  { path: "/mot-de-passe", element: <ChoosePage />, errorElement: <Broken /> },
  {
    path: "/admin",
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      { index: true, element: <Navigate to="/admin/dashboard" replace /> },
      { errorElement: <Broken />, children: [...PAGES, { path: "*", element: <NotFound /> }] },
    ],
  },
  { path: "/", element: <Navigate to="/admin/dashboard" replace /> },
  { path: "*", element: <Shell />, children: [{ path: "*", element: <NotFound /> }] },
]);
