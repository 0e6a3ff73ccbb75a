import { formatAmqpUri } from '../../broker/amqpUri.ts';
import { usualPort } from '../../broker/profile.ts';
import type { Step, TextStep } from '../picks/steps.ts';
import {
  authenticationStep,
  failoverStep,
  managementLoginSteps,
  patienceSteps,
  type AdvancedStepId,
} from './advancedSteps.ts';
import type { KeptSecrets } from './secrets.ts';
import { tlsSteps, type TlsStepId } from './tlsSteps.ts';
import {
  checkHost,
  checkManagementUrl,
  checkName,
  checkPort,
  checkUri,
  checkUsername,
  checkVhost,
  readHost,
  readManagementUrl,
} from './validate.ts';
import { nameOf, proposeName, targetOf, valuesOfUri, type FormValues } from './values.ts';

/** The questions of the form, by which it can be opened at one of them. */
export type FormStepId =
  'host' | 'port' | 'vhost' | 'username' | 'password' | 'managementUrl' | 'name' | TlsStepId | AdvancedStepId;

/** What the questions depend on beside the values. */
export interface FormContext {
  /** The names of the other connections. */
  readonly taken: readonly string[];
  /** Where the extension runs when that is not the person's own machine. */
  readonly remoteName: string | undefined;
  /** Which secrets are saved already, and stay when none are entered. */
  keeps(values: FormValues): KeptSecrets;
}

/** The form step by step. TLS comes before the port, whose usual value depends on it. */
export function formSteps(context: FormContext): readonly Step<FormValues>[] {
  return [
    {
      id: 'host' satisfies FormStepId,
      kind: 'text',
      prompt: () => ['Host name or IP address.', localhostNote(context.remoteName)].join(' ').trim(),
      placeholder: 'localhost',
      value: ({ host }) => host,
      check: checkHost,
      apply: (values, text) => ({ ...values, host: readHost(text) }),
    },
    ...tlsSteps((values) => context.keeps(values).tlsPassphrase),
    {
      id: 'port' satisfies FormStepId,
      kind: 'text',
      prompt: ({ tls }) => `Port, usually ${usualPort(tls)} ${tls ? 'with' : 'without'} TLS.`,
      value: ({ port }) => String(port),
      check: checkPort,
      apply: (values, text) => ({ ...values, port: Number(text) }),
    },
    failoverStep,
    {
      id: 'vhost' satisfies FormStepId,
      kind: 'text',
      prompt: () => 'Virtual host. The default one is named "/".',
      placeholder: '/',
      value: ({ vhost }) => vhost,
      check: checkVhost,
      apply: (values, text) => ({ ...values, vhost: text === '' ? '/' : text }),
    },
    authenticationStep,
    {
      id: 'username' satisfies FormStepId,
      kind: 'text',
      when: hasPassword,
      prompt: () => 'User name.',
      value: ({ username }) => username,
      check: checkUsername,
      apply: (values, text) => ({ ...values, username: text }),
    },
    passwordStep((values) => (context.keeps(values).password ? 'Leave empty to keep the saved one.' : '')),
    {
      id: 'managementUrl' satisfies FormStepId,
      kind: 'text',
      prompt: () => 'URL of the management API, path prefix included. Leave empty to find it on the same host.',
      placeholder: 'https://host:15671',
      value: ({ managementUrl }) => managementUrl,
      check: checkManagementUrl,
      apply: (values, text) => ({ ...values, managementUrl: readManagementUrl(text) }),
    },
    ...managementLoginSteps((values) => context.keeps(values).managementPassword),
    ...patienceSteps,
    {
      id: 'name' satisfies FormStepId,
      kind: 'text',
      prompt: () => 'Name of the connection, as the tree shows it. It is tested before it is saved.',
      value: (values) => nameOf(values, context.taken),
      check: (text) => checkName(text, context.taken),
      apply: (values, text) => {
        const name = text.trim();
        return { ...values, name: name === proposeName(values, context.taken) ? '' : name };
      },
    },
  ];
}

/** A URI, and the password where it has none. */
export const uriSteps: readonly Step<FormValues>[] = [
  {
    id: 'uri',
    kind: 'text',
    prompt: () => 'AMQP URI. A user, password or virtual host with special characters is percent-encoded.',
    placeholder: 'amqps://user:password@host:5671/vhost',
    value: (values) => (values.host === '' ? '' : formatAmqpUri(targetOf(values))),
    check: checkUri,
    apply: (_, text) => valuesOfUri(text),
  },
  { ...passwordStep(() => 'The URI has none.'), when: (values) => values.host !== '' && lacksPassword(values) },
];

/** The password, where a file of the workspace has none. */
export const fileSteps: readonly Step<FormValues>[] = [passwordStep(() => 'The file has none.')];

/** Whether the person still has to give the password. */
export function lacksPassword(values: FormValues): boolean {
  return hasPassword(values) && values.password === '';
}

/** What `localhost` means when the extension does not run on the person's own machine; else nothing. */
export function localhostNote(remoteName: string | undefined): string {
  if (remoteName === undefined) return '';
  // In a browser the name of the remote is its address.
  const machine = remoteName.includes(':') ? 'the server of this editor' : remoteName;
  return `localhost is the machine the extension runs on: ${machine}.`;
}

function passwordStep(note: (values: FormValues) => string): TextStep<FormValues> {
  return {
    id: 'password' satisfies FormStepId,
    kind: 'text',
    prompt: (values) =>
      `Password of user ${values.username}, kept in the editor's secret storage. ${note(values)}`.trim(),
    when: hasPassword,
    masked: true,
    value: ({ password }) => password,
    apply: (values, text) => ({ ...values, password: text }),
  };
}

/** The certificate says who it is where that logs in. */
function hasPassword({ authentication }: FormValues): boolean {
  return authentication !== 'external';
}
