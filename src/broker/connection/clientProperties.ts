/** Held equal to the manifest's by a test: the manifest itself would be 20 kB of the bundle. */
export const version = '0.1.0';

/** How the broker lists the connection, in its own management page too. @param purpose what this connection is for */
export function clientProperties(purpose: string): Record<string, string> {
  return {
    product: 'Warren',
    version,
    platform: `Node.js ${process.versions.node} on ${process.platform}`,
    information: 'RabbitMQ in VS Code',
    connection_name: `Warren (${purpose})`,
  };
}
