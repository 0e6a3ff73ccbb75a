import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { formatHostPort } from '../../broker/amqpUri.ts';
import { usualPort } from '../../broker/profile.ts';
import { localValues } from '../connectionForm/values.ts';
import { interpolate } from './interpolate.ts';
import type { Found } from './offer.ts';
import { publishedPorts, type PublishedPort } from './publishedPorts.ts';

type Table = Readonly<Record<string, unknown>>;

/** What a compose file is read with. */
export interface ComposeOptions {
  /** Of the `.env` file beside it. */
  readonly variables: ReadonlyMap<string, string>;
  /** The variables of a file that a service names as its `env_file`, by the path it gives. */
  envFile(path: string): ReadonlyMap<string, string> | undefined;
}

/** The ports that RabbitMQ's images listen on. @see https://www.rabbitmq.com/docs/networking#ports */
const containerPorts = { amqp: 5672, amqps: 5671, management: 15_672, managementTls: 15_671 } as const;

const mostServices = 500;

/**
 * The RabbitMQ services of a compose file that can be reached from outside their network: AMQP is published, or the service
 * uses the host's own network.
 * @throws {Error} where the text is not YAML, or nested too deep
 */
export function connectionsInComposeFile(text: string, options: ComposeOptions): Found[] {
  const { services } = tableOf(load(text, { schema: CORE_SCHEMA.withTags(mergeTag) }));
  return Object.entries(tableOf(services))
    .slice(0, mostServices)
    .flatMap(([name, service]) => connectionOf(name, tableOf(service), options) ?? []);
}

function connectionOf(name: string, service: Table, options: ComposeOptions): Found | undefined {
  const fill = (text: string): string | undefined => interpolate(text, options.variables);
  const image = typeof service['image'] === 'string' ? fill(service['image']) : undefined;
  if (!isRabbit(image, name, service)) return undefined;
  const ports = service['network_mode'] === 'host' ? hostPorts : publishedPorts(service['ports'], fill);
  const plain = ports.find(({ container }) => container === containerPorts.amqp);
  const amqp = plain ?? ports.find(({ container }) => container === containerPorts.amqps);
  if (!amqp) return undefined;
  const login = loginOf(environmentOf(service, options, fill), image ?? '');
  const values = { ...localValues, ...login, host: hostOf(amqp), port: amqp.published, tls: plain === undefined };
  return { what: name, values: { ...values, managementUrl: managementUrlOf(ports) } };
}

/** As if every port were published as it is. */
const hostPorts: readonly PublishedPort[] = [usualPort(false), containerPorts.management].map((port) => ({
  container: port,
  published: port,
  address: undefined,
}));

/** RabbitMQ's own image, a fork's or a private one; a service that is built here tells by its name. */
function isRabbit(image: string | undefined, name: string, service: Table): boolean {
  const told = image ?? (service['build'] === undefined ? '' : name);
  const repository = told.replace(/@.*$/, '').split('/').at(-1)?.replace(/:.*$/, '') ?? '';
  return /rabbit|lavinmq/i.test(repository);
}

type Environment = ReadonlyMap<string, string | undefined>;

/** A service's own variables go before those of its files; undefined is one whose value is not known. */
function environmentOf(
  service: Table,
  options: ComposeOptions,
  fill: (text: string) => string | undefined,
): Environment {
  const environment = new Map<string, string | undefined>();
  for (const path of envFilesOf(service)) {
    for (const [key, value] of options.envFile(path) ?? []) environment.set(key, value);
  }
  for (const [key, value] of ownVariables(service['environment'])) {
    // One without a value is taken from where compose runs: the `.env` file, here.
    environment.set(key, value === undefined ? options.variables.get(key) : fill(value));
  }
  return environment;
}

/** A map, or a list of `KEY=value` and `KEY`. */
function ownVariables(environment: unknown): [string, string | undefined][] {
  if (Array.isArray(environment)) {
    return environment.flatMap((each: unknown) => {
      if (typeof each !== 'string') return [];
      const at = each.indexOf('=');
      return [at < 0 ? [each, undefined] : [each.slice(0, at), each.slice(at + 1)]];
    });
  }
  return Object.entries(tableOf(environment)).map(([key, value]) => [key, scalarText(value)]);
}

function envFilesOf(service: Table): string[] {
  const given: unknown = service['env_file'];
  const all: unknown[] = Array.isArray(given) ? given : [given];
  return all.flatMap((each) => {
    const path = typeof each === 'object' && each !== null && 'path' in each ? each.path : each;
    return typeof path === 'string' ? [path] : [];
  });
}

interface Login {
  readonly username: string;
  /** Empty: not known. */
  readonly password: string;
  readonly vhost: string;
}

/**
 * @see https://github.com/docker-library/docs/tree/master/rabbitmq
 * @see https://github.com/bitnami/containers/tree/main/bitnami/rabbitmq
 */
function loginOf(environment: Environment, image: string): Login {
  const isBitnami = /bitnami/i.test(image);
  const prefix = isBitnami ? 'RABBITMQ_' : 'RABBITMQ_DEFAULT_';
  const read = (name: string, usual: string): string => (environment.has(name) ? (environment.get(name) ?? '') : usual);
  const user = isBitnami ? 'USERNAME' : 'USER';
  const password = isBitnami ? 'PASSWORD' : 'PASS';
  // A secret that stands in a file of the container is not ours to look for.
  const isInFile = environment.has(`${prefix}${password}_FILE`);
  return {
    username: read(`${prefix}${user}`, isBitnami ? 'user' : 'guest') || 'guest',
    password: read(`${prefix}${password}`, isInFile ? '' : isBitnami ? 'bitnami' : 'guest'),
    vhost: read(`${prefix}VHOST`, '/') || '/',
  };
}

function managementUrlOf(ports: readonly PublishedPort[]): string {
  const plain = ports.find(({ container }) => container === containerPorts.management);
  const port = plain ?? ports.find(({ container }) => container === containerPorts.managementTls);
  if (!port) return '';
  return `${plain ? 'http' : 'https'}://${formatHostPort({ host: hostOf(port), port: port.published })}`;
}

function hostOf({ address }: PublishedPort): string {
  const isAny = address === undefined || ['0.0.0.0', '::', '127.0.0.1', '::1', ''].includes(address);
  return isAny ? 'localhost' : address;
}

function scalarText(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function tableOf(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
