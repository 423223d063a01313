import { runs } from './schema/0000-runs.ts';
import { incidents } from './schema/0001-incidents.ts';
import { kpis } from './schema/0002-kpis.ts';
import { schedules } from './schema/0003-schedules.ts';
import { pagerDuty } from './schema/0004-pagerduty.ts';
import { statusPage } from './schema/0005-status-page.ts';
import { findings } from './schema/0006-findings.ts';
import { metricGraphs } from './schema/0007-metric-graphs.ts';
import { kpiPast } from './schema/0008-kpi-past.ts';
import { correlation } from './schema/0009-correlation.ts';
import { expectations } from './schema/0010-expectations.ts';
import { scaling } from './schema/0011-scaling.ts';
import { unreadAlerts } from './schema/0012-unread-alerts.ts';
import { capacityDays } from './schema/0013-capacity-days.ts';
import { postmortems } from './schema/0014-postmortems.ts';
import { sentOn } from './schema/0015-sent-on.ts';
import { sqlScaling } from './schema/0016-sql-scaling.ts';
import { claimsOfReplicas } from './schema/0017-claims-of-replicas.ts';
import { claimsOfOccurrences } from './schema/0018-claims-of-occurrences.ts';

/**
 * All tables, in the schema `stamps`: one file a migration, applied once, in this order, each in a transaction of its
 * own. A released file is never edited. DBOS keeps its own schema beside it.
 */
export const migrations: readonly string[] = [
  runs,
  incidents,
  kpis,
  schedules,
  pagerDuty,
  statusPage,
  findings,
  metricGraphs,
  kpiPast,
  correlation,
  expectations,
  scaling,
  unreadAlerts,
  capacityDays,
  postmortems,
  sentOn,
  sqlScaling,
  claimsOfReplicas,
  claimsOfOccurrences,
];
