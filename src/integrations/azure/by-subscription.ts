/** One client for each subscription: an SDK's client is bound to one, and an estate may span several. */
export function bySubscription<Client>(create: (subscriptionId: string) => Client): (subscriptionId: string) => Client {
  const clients = new Map<string, Client>();
  return (subscriptionId) => {
    const key = subscriptionId.toLowerCase();
    const client = clients.get(key) ?? create(subscriptionId);
    clients.set(key, client);
    return client;
  };
}
