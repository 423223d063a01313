import { ArmFault } from './arm-fault.ts';
import { containerAppType } from './container-app.ts';
import type { AzureFaults } from './contract.ts';
import { type Estate, usualCores } from './estate.ts';
import { gatewayType } from './gateway.ts';
import { throttled } from './rate-limits.ts';
import type { SqlUser } from './recovery/cell-stores.ts';
import { copyLagMs } from './storage-accounts.ts';
import { databaseId, databaseType, storageId, storageType } from './telemetry/resources.ts';
import { endpointType, profileType, routingMethods } from './traffic-profile.ts';

const secondMs = 1_000;
const hourMs = 3_600_000;
/** Fewer than a failover needs, of the sandbox's estate. */
const fewCores = 10;
/** Whose hands change things behind the bot's back. */
const somebody = 'dana@stamps.example';

/** What somebody broke on purpose. The ARM server asks it at each request. */
export class Faults implements AzureFaults {
  readonly #estate: Estate;
  #gatewayDelayMs: number;
  #hangs = false;
  #failNext = false;
  #latencyMs = 0;
  #lost = 0;
  #failoversUntold = false;
  #throttled = { times: 0, retryAfterSeconds: 0, writes: false };
  #refused = { times: 0, status: 0, code: '' };

  constructor(estate: Estate, gatewayDelayMs: number) {
    this.#estate = estate;
    this.#gatewayDelayMs = gatewayDelayMs;
  }

  failCell(cell: string): void {
    this.#change(() => this.#estate.failed.add(this.#estate.app(cell).cell.name));
  }

  healCell(cell: string): void {
    this.#change(() => this.#estate.failed.delete(this.#estate.app(cell).cell.name));
  }

  slowStorage(cell: string, slow: boolean): void {
    this.#change(() => this.#estate.slowStorage[slow ? 'add' : 'delete'](this.#estate.app(cell).cell.name));
  }

  purgeCache(): void {
    this.#change(() => {
      this.#estate.frontDoor.purgedAt = this.#estate.now();
    });
  }

  failRegion(region: string): void {
    this.#change(() => this.#estate.failedRegions.add(this.#region(region)));
  }

  healRegion(region: string): void {
    this.#change(() => this.#estate.failedRegions.delete(this.#region(region)));
  }

  metricsAway(region: string, on: boolean): void {
    this.#change(() => this.#estate.metricsAway[on ? 'add' : 'delete'](this.#region(region)));
  }

  replication(on: boolean): void {
    this.#change(() => {
      this.#estate.data.replicates = on;
    });
  }

  untoldSqlLoss(on: boolean): void {
    this.#change(() => {
      this.#estate.data.lossUntold = on;
    });
  }

  fewCores(on: boolean): void {
    this.#change(() => {
      this.#estate.coreLimit = on ? fewCores : usualCores;
    });
  }

  gatewayCertificate(region: string, hoursLeft: number): void {
    const certificate = this.#estate.upkeep.gatewayCertificate(this.#region(region));
    if (!certificate) throw new Error(`The gateway of ${region} has no certificate.`);
    this.#change(() => {
      certificate.expiresAt = this.#estate.now() + hoursLeft * hourMs;
    });
  }

  stuckCopies(region: string, on: boolean): void {
    this.#change(() => {
      for (const account of this.#accountsOf(this.#region(region))) account.stuck = on;
    });
  }

  untoldFailovers(on: boolean): void {
    this.#failoversUntold = on;
  }

  get plannedFailoversUntold(): boolean {
    return this.#failoversUntold;
  }

  storageLag(region: string, seconds: number): void {
    this.#change(() => {
      for (const account of this.#accountsOf(this.#region(region)))
        account.lagMs = seconds > 0 ? seconds * secondMs : copyLagMs;
    });
  }

  blobRestore(cell: string, on: boolean): void {
    const store = this.#blobsOf(cell);
    if (!store) throw new Error(`The cell ${cell} has no blobs.`);
    this.#change(() => {
      store.restores = on;
      this.#byHand(`${store.id}/blobServices/default`, `${storageType}/blobServices/write`);
    });
  }

  sqlLoad(cell: string, times: number): void {
    this.#change(() => {
      this.#purchaseOf(cell).take(times, this.#estate.now());
    });
  }

  pooledSql(cell: string, on: boolean): void {
    const id = this.#databaseOf(cell);
    this.#change(() => {
      this.#purchaseOf(cell).poolId = on ? id.replace(/databases\/.*$/, 'elasticPools/pool-stamps') : undefined;
      this.#byHand(id, `${databaseType}/write`);
    });
  }

  replicateSql(cell: string): void {
    const { region } = this.#estate.app(cell);
    const other = this.#estate.regions.find(({ name }) => name !== region.name);
    if (!other) throw new Error('The estate has one region only.');
    this.#change(() => {
      this.#estate.stores.replicate(this.#databaseOf(cell), other, this.#estate.now());
      this.#byHand(this.#databaseOf(cell), `${databaseType}/replicationLinks/write`);
    });
  }

  routing(method: string): void {
    const found = routingMethods.find((one) => one === method);
    if (!found) throw new Error(`Traffic Manager has no routing method ${method}.`);
    this.#change(() => {
      this.#estate.profile.routingMethod = found;
    });
  }

  setProfile(enabled: boolean): void {
    const { profile } = this.#estate;
    this.#change(() => {
      profile.status = enabled ? 'Enabled' : 'Disabled';
      this.#byHand(profile.id, `${profileType}/write`);
    });
  }

  setFrontDoor(enabled: boolean): void {
    const { frontDoor } = this.#estate;
    this.#change(() => {
      frontDoor.endpoint.enabledState = enabled ? 'Enabled' : 'Disabled';
      this.#byHand(frontDoor.endpointId, 'Microsoft.Cdn/profiles/afdEndpoints/write');
    });
  }

  cosmosFailover(automatic: boolean): void {
    this.#change(() => {
      this.#estate.data.automaticFailover = automatic;
    });
  }

  setEndpoint(region: string, enabled: boolean): void {
    const { profile } = this.#estate;
    const endpoint = profile.endpoints.find((one) => one.region === this.#region(region));
    if (!endpoint) throw new Error(`The region ${region} has no endpoint.`);
    this.#change(() => {
      endpoint.endpointStatus = enabled ? 'Enabled' : 'Disabled';
      this.#byHand(`${profile.id}/externalEndpoints/${endpoint.name}`, `${endpointType}/write`);
    });
  }

  setScale(cell: string, minReplicas: number, maxReplicas: number): void {
    const app = this.#estate.app(cell);
    this.#change(() => {
      app.rescale({ minReplicas, maxReplicas }, this.#estate.now());
      this.#byHand(app.id, `${containerAppType}/write`);
    });
  }

  loseData(cell: string): void {
    const { region, cell: layout, serving } = this.#estate.app(cell);
    this.#change(() => this.#estate.stores.loseContent(storageId(region, layout), serving.env, this.#estate.now()));
  }

  grantCopies(cell: string): void {
    this.#change(() => this.#estate.stores.grantCopies(this.#estate.app(cell).cell));
  }

  sqlUser(cell: string, user: SqlUser): void {
    const { serving } = this.#estate.app(cell);
    this.#change(() => this.#estate.stores.setSqlUser(serving.env, user, this.#estate.now()));
  }

  sqlFirewall(region: string, letsIn: boolean): void {
    this.#change(() => this.#estate.stores.sqlShut[letsIn ? 'delete' : 'add'](this.#region(region)));
  }

  forgetTraffic(): void {
    this.#change(() => {
      this.#estate.dns.startAnew();
      this.#estate.history.startAnew(this.#estate.now());
      this.#estate.requests.startAnew(this.#estate.now());
    });
  }

  setDemand(cell: string, times: number): void {
    this.#change(() => this.#estate.setDemand(cell, times));
  }

  gatewayDelay(ms: number): void {
    this.#change(() => {
      this.#gatewayDelayMs = ms;
    });
  }

  gatewayHangs(on: boolean): void {
    this.#change(() => {
      this.#hangs = on;
    });
  }

  throttle(times: number, retryAfterSeconds: number, writes = false): void {
    this.#change(() => {
      this.#throttled = { times, retryAfterSeconds, writes };
    });
  }

  loseAnswers(times: number): void {
    this.#change(() => {
      this.#lost = times;
    });
  }

  refuseWrites(times: number, status: number, code: string): void {
    this.#change(() => {
      this.#refused = { times, status, code };
    });
  }

  failOperation(): void {
    this.#change(() => {
      this.#failNext = true;
    });
  }

  latency(ms: number): void {
    this.#change(() => {
      this.#latencyMs = ms;
    });
  }

  setPool(cell: string, addresses: readonly string[]): void {
    const { region } = this.#estate.app(cell);
    const gateway = this.#estate.gateways.get(region.name);
    this.#change(() => {
      gateway?.setPool(
        `${cell}-backend`,
        addresses.map((address) => this.#addressOf(address)),
      );
      if (gateway) this.#byHand(gateway.id, `${gatewayType}/write`);
    });
  }

  setRevision(cell: string, revision: string, active: boolean): void {
    const app = this.#estate.app(cell);
    const found = app.revision(revision);
    if (!found) throw new Error(`The cell ${cell} has no revision ${revision}.`);
    this.#change(() => {
      app.setActive(found, active, this.#estate.now());
      this.#byHand(
        `${app.id}/revisions/${revision}`,
        `${containerAppType}/revisions/${active ? 'activate' : 'deactivate'}/action`,
      );
    });
  }

  get gatewayDelayMs(): number {
    return this.#gatewayDelayMs;
  }

  readonly hangs = (): boolean => this.#hangs;

  get latencyMs(): number {
    return this.#latencyMs;
  }

  /** Asked once by each long-running operation that begins. */
  takeFailure(): boolean {
    const fails = this.#failNext;
    this.#failNext = false;
    return fails;
  }

  /** Throws what stands in a request's way. */
  refuse(isWrite: boolean, operation: string): void {
    const { times, retryAfterSeconds, writes } = this.#throttled;
    if (times > 0 && (isWrite || !writes)) {
      this.#throttled = { ...this.#throttled, times: times - 1 };
      throw throttled(operation, retryAfterSeconds);
    }
    if (isWrite && this.#refused.times > 0) {
      const { status, code } = this.#refused;
      this.#refused = { ...this.#refused, times: this.#refused.times - 1 };
      throw new ArmFault(status, code, `The write was refused: ${code}.`);
    }
  }

  /** Is the answer to this write, which was done, lost? */
  takeLoss(): boolean {
    if (this.#lost === 0) return false;
    this.#lost -= 1;
    return true;
  }

  /** What is on, in words. */
  get trouble(): string[] {
    const { times, writes } = this.#throttled;
    return [
      ...(times > 0 ? [`Azure throttles the next ${times} ${writes ? 'writes' : 'requests'}`] : []),
      ...(this.#refused.times > 0
        ? [`Azure refuses the next ${this.#refused.times} writes (${this.#refused.code})`]
        : []),
      ...(this.#lost > 0 ? [`The answers to the next ${this.#lost} writes get lost`] : []),
      ...(this.#latencyMs > 0 ? [`Azure answers ${this.#latencyMs} ms late`] : []),
      ...[...this.#estate.demandTimes].map(([cell, times]) => `The tenants of ${cell} ask for ${times} × as much`),
      ...(this.#hangs ? ['Gateway updates never end'] : []),
      ...[...this.#estate.failedRegions].map((region) => `${region} is lost`),
      ...[...this.#estate.metricsAway].map((region) => `The metrics of ${region} cannot be read`),
      ...(this.#estate.profile.status === 'Enabled' ? [] : ['Traffic Manager is switched off as a whole']),
      ...(this.#estate.frontDoor.endpoint.enabledState === 'Enabled'
        ? []
        : ['The endpoint of Front Door is switched off']),
      ...(this.#estate.data.replicates ? [] : ['SQL does not replicate']),
      ...(this.#estate.data.automaticFailover ? [] : ['Cosmos does not fail over by itself']),
      ...[...this.#estate.stores.sqlShut].map((region) => `The firewall of SQL in ${region} keeps the bot out`),
      ...(this.#estate.coreLimit < usualCores ? [`Environments may have only ${this.#estate.coreLimit} cores`] : []),
      ...this.#estate.regions.flatMap(({ name }) => {
        const leftMs = (this.#estate.upkeep.gatewayCertificate(name)?.expiresAt ?? Infinity) - this.#estate.now();
        if (leftMs > 30 * 24 * hourMs) return [];
        return [`The certificate of the gateway of ${name} ${leftMs <= 0 ? 'has ended' : 'ends within days'}`];
      }),
      ...this.#estate.regions
        .filter(({ name }) => this.#accountsOf(name).some(({ stuck }) => stuck))
        .map(({ name }) => `The copies of the storage of ${name} are made anew`),
      ...this.#estate.regions.flatMap(({ name }) => {
        const behindMs = Math.max(...this.#accountsOf(name).map(({ lagMs }) => lagMs));
        return behindMs > copyLagMs ? [`The copies of the storage of ${name} are ${behindMs / secondMs} s behind`] : [];
      }),
      ...[...this.#estate.apps.keys()].flatMap((cell) => {
        const { times } = this.#purchaseOf(cell);
        return times === 1 ? [] : [`The queries of ${cell} take ${times} times the usual of its database`];
      }),
      ...(this.#failNext ? ['The next gateway update fails'] : []),
    ];
  }

  #databaseOf(cell: string): string {
    const { region, cell: layout } = this.#estate.app(cell);
    return databaseId(region, layout);
  }

  #purchaseOf(cell: string) {
    return this.#estate.stores.purchaseOf(this.#databaseOf(cell));
  }

  #blobsOf(cell: string) {
    const { region, cell: layout } = this.#estate.app(cell);
    return this.#estate.stores.blobs.get(storageId(region, layout).toLowerCase());
  }

  /** The accounts whose home a region is, wherever they take writes now. */
  #accountsOf(region: string) {
    return [...this.#estate.storage.all.values()].filter(({ regions }) => regions[0].name === region);
  }

  #region(name: string): string {
    if (this.#estate.regions.some((region) => region.name === name)) return name;
    throw new Error(`The estate has no region ${name}.`);
  }

  #byHand(resourceId: string, operation: string): void {
    this.#estate.byHand.push({ at: this.#estate.now(), caller: somebody, resourceId, operation });
  }

  /** A cell's name stands for its host. */
  #addressOf(address: string): string {
    return this.#estate.apps.get(address)?.host ?? address;
  }

  #change(work: () => unknown): void {
    this.#estate.settle();
    work();
    this.#estate.changed();
  }
}
