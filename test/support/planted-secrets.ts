import { createHash } from 'node:crypto';

/** A secret as it may come into a message, and the part of it that must never come out. */
export interface PlantedSecret {
  readonly shape: string;
  readonly text: string;
  readonly secret: string;
}

/** Random-looking characters, the same ones for the same seed. */
function noise(seed: string, length: number, encoding: 'hex' | 'base64' | 'base64url' = 'base64url'): string {
  let out = '';
  for (let round = 0; out.length < length; round += 1) {
    out += createHash('sha512').update(`${seed}/${round}`).digest(encoding).replaceAll('=', '');
  }
  return out.slice(0, length);
}

const word = (seed: string, length: number) => noise(seed, length, 'hex');

const shapes: Readonly<Record<string, (seed: string) => { text: string; secret: string }>> = {
  'a Slack bot token': (seed) =>
    planted((s) => `token ${s} was refused`, `xoxb-${word(seed, 12)}-${word(`${seed}b`, 24)}`),
  'a Slack user token': (seed) => planted((s) => `using ${s}`, `xoxp-${word(seed, 40)}`),
  'a rotating Slack token': (seed) => planted((s) => `refresh ${s}`, `xoxe.xoxb-1-${word(seed, 60)}`),
  'a Slack app token': (seed) => planted((s) => `{"token":"${s}"}`, `xapp-1-A1-${word(seed, 60)}`),
  'a Slack response address': (seed) =>
    planted((s) => `POST https://hooks.slack.com/commands/${s} failed`, `T1/${word(seed, 12)}/${word(`${seed}b`, 24)}`),
  'a bearer token': (seed) => planted((s) => `Authorization: Bearer ${s}`, noise(seed, 80)),
  'a JSON Web Token': (seed) =>
    planted((s) => `got ${s}`, `eyJ${noise(seed, 40)}.${noise(`${seed}b`, 90)}.${noise(`${seed}c`, 43)}`),
  'basic credentials': (seed) => planted((s) => `authorization: Basic ${s}`, noise(seed, 40, 'base64')),
  'a PagerDuty token': (seed) => planted((s) => `Authorization: Token token=${s}`, noise(seed, 20)),
  'a routing key in JSON': (seed) =>
    planted((s) => JSON.stringify({ routing_key: s, event_action: 'trigger' }), word(seed, 32)),
  'a shared access signature': (seed) =>
    planted(
      (s) => `https://st.blob.core.windows.net/c/b?sv=2024-11-04&sig=${s}&se=2026`,
      encodeURIComponent(noise(seed, 43, 'base64')),
    ),
  'a key of a Function': (seed) => planted((s) => `https://f.azurewebsites.net/api/x?code=${s}`, noise(seed, 54)),
  'a storage connection string': (seed) =>
    planted(
      (s) => `DefaultEndpointsProtocol=https;AccountName=st;AccountKey=${s};EndpointSuffix=core.windows.net`,
      `${noise(seed, 86, 'base64')}==`,
    ),
  'a Cosmos key by itself': (seed) => planted((s) => `key ${s} is wrong`, `${noise(seed, 86, 'base64')}==`),
  'a Service Bus connection string': (seed) =>
    planted(
      (s) => `Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=${s}`,
      `${noise(seed, 43, 'base64')}=`,
    ),
  'a SQL connection string': (seed) =>
    planted((s) => `Server=tcp:sql;User ID=sa;Password=${s};Encrypt=True`, `${noise(seed, 20)}!$`),
  'a password in an address': (seed) =>
    planted((s) => `connect postgres://stamps:${s}@db.internal:5432/stamps`, noise(seed, 24)),
  'an Entra client secret': (seed) =>
    planted((s) => `secret ${s} expired`, `${word(seed, 3)}8Q~${word(`${seed}b`, 34)}`),
  'a form with a client secret': (seed) =>
    planted((s) => `grant_type=client_credentials&client_secret=${s}&scope=x`, noise(seed, 40)),
  'a private key': (seed) => {
    const secret = noise(seed, 64, 'base64');
    return {
      secret,
      text: `-----BEGIN PRIVATE KEY-----\n${secret}\n${noise(`${seed}b`, 64, 'base64')}\n-----END PRIVATE KEY-----`,
    };
  },
};

function planted(around: (secret: string) => string, secret: string): { text: string; secret: string } {
  return { text: around(secret), secret };
}

/** Secrets of every shape we know, so many of each. */
export function plantedSecrets(ofEach: number): PlantedSecret[] {
  return Object.entries(shapes).flatMap(([shape, plant]) =>
    Array.from({ length: ofEach }, (_, index) => ({ shape, ...plant(`${shape}/${index}`) })),
  );
}
