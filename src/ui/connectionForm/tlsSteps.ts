import { delimiter } from 'node:path';
import { hasClientCertificate, usesTls, usualPort, type TlsOptions } from '../../broker/profile.ts';
import { danger } from '../connections/connectionWords.ts';
import type { Choice, Step, TextStep } from '../picks/steps.ts';
import { checkFile, checkFiles, checkServerName, readFiles, readPath } from './validate.ts';
import { withTls, type FormValues } from './values.ts';

/** The questions about TLS, by which the form can be opened at one of them. */
export type TlsStepId =
  | 'tls'
  | 'caFiles'
  | 'clientCertificate'
  | 'certFile'
  | 'keyFile'
  | 'pfxFile'
  | 'tlsPassphrase'
  | 'serverName'
  | 'verification';

/** Whether it is encrypted; and how, where that was asked for or is known already. */
export function tlsSteps(keepsPassphrase: (values: FormValues) => boolean): readonly Step<FormValues>[] {
  return [
    {
      id: 'tls' satisfies TlsStepId,
      kind: 'choice',
      placeholder: 'Is the connection encrypted?',
      choices: tlsChoices,
    },
    {
      id: 'caFiles' satisfies TlsStepId,
      kind: 'text',
      when: asksCertificates,
      prompt: () =>
        `Files of certificate authorities to trust beside those of the system, separated by "${delimiter}". Leave empty where the system's do.`,
      placeholder: 'ca.pem',
      browse: { title: 'Certificate authorities', several: true },
      value: ({ tlsOptions }) => (tlsOptions?.caFiles ?? []).join(delimiter),
      check: checkFiles,
      apply: (values, text) => withOptions(values, { caFiles: readFiles(text) }),
    },
    {
      id: 'clientCertificate' satisfies TlsStepId,
      kind: 'choice',
      when: asksCertificates,
      placeholder: 'Does the broker want a client certificate?',
      choices: certificateChoices,
    },
    fileStep('certFile', 'Client certificate', 'Client certificate with its chain, a PEM file.', 'client.pem'),
    fileStep('keyFile', 'Private key', 'Private key of the client certificate, a PEM file.', 'client.key'),
    fileStep('pfxFile', 'Client certificate', 'Client certificate with its key, a PKCS #12 file.', 'client.p12'),
    {
      id: 'tlsPassphrase' satisfies TlsStepId,
      kind: 'text',
      when: (values) => asksCertificates(values) && hasClientCertificate(values),
      prompt: (values) =>
        `Passphrase of the key, kept in the editor's secret storage. Leave empty ${keepsPassphrase(values) ? 'to keep the saved one' : 'where it has none'}.`,
      masked: true,
      value: ({ tlsPassphrase = '' }) => tlsPassphrase,
      apply: (values, text) => ({ ...values, tlsPassphrase: text }),
    },
    {
      id: 'serverName' satisfies TlsStepId,
      kind: 'text',
      when: asksCertificates,
      prompt: ({ host }) => `Name that the broker's certificate is for. Leave empty where that is ${host}.`,
      placeholder: 'broker.example.com',
      value: ({ tlsOptions }) => tlsOptions?.serverName ?? '',
      check: checkServerName,
      apply: (values, text) => withOptions(values, { serverName: text.trim() }),
    },
    {
      id: 'verification' satisfies TlsStepId,
      kind: 'choice',
      when: asksCertificates,
      placeholder: "Is the broker's certificate verified?",
      choices: verificationChoices,
    },
  ];
}

function asksCertificates(values: FormValues): boolean {
  return usesTls(values) && (values.asksAll === true || hasDetails(values));
}

function hasDetails({ asksCertificates: isAsked, tlsOptions = {} }: FormValues): boolean {
  return isAsked === true || Object.keys(tlsOptions).length > 0;
}

type FileKind = 'certFile' | 'keyFile' | 'pfxFile';

function fileStep(id: FileKind & TlsStepId, title: string, prompt: string, placeholder: string): TextStep<FormValues> {
  const isAsked = ({ tlsOptions = {} }: FormValues): boolean =>
    (id === 'pfxFile' ? tlsOptions.pfxFile : tlsOptions.certFile) !== undefined;
  return {
    id,
    kind: 'text',
    when: (values) => asksCertificates(values) && isAsked(values),
    prompt: () => prompt,
    placeholder,
    browse: { title },
    value: ({ tlsOptions }) => tlsOptions?.[id] ?? '',
    check: checkFile,
    apply: (values, text) => withOptions(values, { [id]: readPath(text) }),
  };
}

function withOptions(values: FormValues, options: TlsOptions): FormValues {
  return { ...values, tlsOptions: { ...values.tlsOptions, ...options } };
}

function tlsChoices(values: FormValues): readonly Choice<FormValues>[] {
  const { tls } = values;
  const { tlsOptions: _options, asksCertificates: _asked, ...plain } = values;
  return [
    {
      label: 'No TLS',
      description: schemeOf(false),
      detail: 'Password and messages are sent as they are: for this machine, or a network you trust.',
      current: !tls,
      state: withTls(values, false),
    },
    {
      label: 'TLS',
      description: schemeOf(true),
      detail: "Encrypted. The broker's certificate must be for this host, and trusted here.",
      current: tls && !hasDetails(values),
      state: withTls(plain, true),
    },
    {
      label: 'TLS with Own Certificates…',
      description: schemeOf(true),
      detail: 'For an authority of your own, a client certificate, or another server name.',
      current: tls && hasDetails(values),
      state: withTls({ ...values, asksCertificates: true }, true),
    },
  ];
}

function certificateChoices(values: FormValues): readonly Choice<FormValues>[] {
  const { certFile, keyFile, pfxFile, ...others } = values.tlsOptions ?? {};
  const withFiles = (files: TlsOptions): FormValues => ({ ...values, tlsOptions: { ...others, ...files } });
  const none = withFiles({});
  return [
    {
      label: 'No Client Certificate',
      description: 'user and password are enough',
      current: !hasClientCertificate(values),
      state: none.authentication === 'external' ? { ...none, authentication: undefined } : none,
    },
    {
      label: 'Certificate and Key…',
      description: 'two PEM files',
      current: certFile !== undefined,
      state: withFiles({ certFile: certFile ?? '', keyFile: keyFile ?? '' }),
    },
    {
      label: 'PKCS #12 File…',
      description: '.p12 or .pfx',
      current: pfxFile !== undefined,
      state: withFiles({ pfxFile: pfxFile ?? '' }),
    },
  ];
}

function verificationChoices(values: FormValues): readonly Choice<FormValues>[] {
  const { insecure, ...others } = values.tlsOptions ?? {};
  return [
    {
      label: 'Verify the Certificate',
      description: 'recommended',
      current: insecure !== true,
      state: { ...values, tlsOptions: others },
    },
    {
      label: '$(warning) Do Not Verify',
      description: 'insecure',
      detail: `Then ${danger}.`,
      current: insecure === true,
      state: { ...values, tlsOptions: { ...others, insecure: true } },
    },
  ];
}

function schemeOf(tls: boolean): string {
  return `${tls ? 'amqps' : 'amqp'}, usually port ${usualPort(tls)}`;
}
