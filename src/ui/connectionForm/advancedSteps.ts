import { describeHost, parseHosts } from '../../broker/amqpUri.ts';
import {
  connectTimeoutLimit,
  hasClientCertificate,
  heartbeatLimit,
  type Authentication,
  type Limit,
} from '../../broker/profile.ts';
import type { Choice, Step, TextStep } from '../picks/steps.ts';
import { checkHosts, checkSeconds } from './validate.ts';
import type { FormValues } from './values.ts';

/** The questions that few need. */
export type AdvancedStepId =
  'failover' | 'authentication' | 'managementUsername' | 'managementPassword' | 'heartbeat' | 'connectTimeout';

/** Whether they are asked: on demand, and where one of them was answered. */
function asksAdvanced(values: FormValues): boolean {
  const { failover = [], authentication, managementUsername, heartbeatSeconds, connectTimeoutSeconds } = values;
  const answers = [authentication, managementUsername, heartbeatSeconds, connectTimeoutSeconds];
  return values.asksAll === true || failover.length > 0 || answers.some((answer) => answer !== undefined);
}

/** The hosts after the first. */
export const failoverStep: TextStep<FormValues> = {
  id: 'failover' satisfies AdvancedStepId,
  kind: 'text',
  when: asksAdvanced,
  prompt: ({ host }) => `More hosts of the cluster, tried in this order where ${host} cannot be reached.`,
  placeholder: 'rabbit-2, rabbit-3:5673',
  value: ({ failover = [], tls }) => failover.map((each) => describeHost(each, tls)).join(', '),
  check: checkHosts,
  apply: (values, text) => ({ ...values, failover: parseHosts(text, values.tls) }),
};

/** How to log in; asked also where there is a certificate to do it with. */
export const authenticationStep: Step<FormValues> = {
  id: 'authentication' satisfies AdvancedStepId,
  kind: 'choice',
  when: (values) => asksAdvanced(values) || (values.tls && hasClientCertificate(values)),
  placeholder: 'How does it log in?',
  choices: (values) => [
    loginChoice(values, 'User and Password', 'PLAIN, as usual', undefined),
    ...(values.tls && hasClientCertificate(values)
      ? [loginChoice(values, 'Client Certificate', 'EXTERNAL: the certificate names the user', 'external')]
      : []),
    loginChoice(values, 'User and Password by AMQPLAIN', 'for brokers that offer nothing else', 'amqplain'),
  ],
};

/** The management API's own login. */
export function managementLoginSteps(keepsPassword: (values: FormValues) => boolean): readonly Step<FormValues>[] {
  return [
    {
      id: 'managementUsername' satisfies AdvancedStepId,
      kind: 'text',
      when: asksAdvanced,
      prompt: ({ username }) =>
        username === ''
          ? 'User of the management API, which takes no client certificate.'
          : `User of the management API. Leave empty where that is ${username}.`,
      value: ({ managementUsername = '' }) => managementUsername,
      apply: (values, text) => ({ ...values, managementUsername: text === '' ? undefined : text }),
    },
    {
      id: 'managementPassword' satisfies AdvancedStepId,
      kind: 'text',
      when: ({ managementUsername = '' }) => managementUsername !== '',
      prompt: (values) =>
        [
          `Password of user ${values.managementUsername ?? ''} for the management API, kept in the editor's secret storage.`,
          ...(keepsPassword(values) ? ['Leave empty to keep the saved one.'] : []),
        ].join(' '),
      masked: true,
      value: ({ managementPassword = '' }) => managementPassword,
      apply: (values, text) => ({ ...values, managementPassword: text }),
    },
  ];
}

/** How long to wait for whom. */
export const patienceSteps: readonly Step<FormValues>[] = [
  secondsStep(
    'heartbeat',
    'heartbeatSeconds',
    heartbeatLimit,
    'Heartbeat: a silent broker is noticed after two of them.',
  ),
  secondsStep('connectTimeout', 'connectTimeoutSeconds', connectTimeoutLimit, 'Time-out for connecting to one host.'),
];

function secondsStep(
  id: AdvancedStepId,
  field: 'heartbeatSeconds' | 'connectTimeoutSeconds',
  limit: Limit,
  what: string,
): TextStep<FormValues> {
  return {
    id,
    kind: 'text',
    when: asksAdvanced,
    prompt: () => `${what} In seconds, usually ${limit.usual}.`,
    placeholder: String(limit.usual),
    value: (values) => String(values[field] ?? limit.usual),
    check: (text) => checkSeconds(text, limit),
    apply: (values, text) => {
      const seconds = text.trim() === '' ? limit.usual : Number(text);
      return { ...values, [field]: seconds === limit.usual ? undefined : seconds };
    },
  };
}

function loginChoice(
  values: FormValues,
  label: string,
  description: string,
  authentication: Authentication | undefined,
): Choice<FormValues> {
  return {
    label,
    description,
    current: values.authentication === authentication,
    state: { ...values, authentication },
  };
}
