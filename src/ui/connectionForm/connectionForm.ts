import * as vscode from 'vscode';
import { describeTarget } from '../../broker/amqpUri.ts';
import { isSameTarget, type ConnectionProfile, type ConnectionSecrets } from '../../broker/profile.ts';
import type { Session } from '../../broker/session.ts';
import { toAppError, type AppError, type ErrorCode } from '../../common/errors.ts';
import type { Connections } from '../connections/connections.ts';
import type { FilePicker } from '../picks/filePicker.ts';
import { withProgressWhenSlow } from '../progress.ts';
import { runSteps, type MultiStepForm } from '../picks/multiStep.ts';
import type { Offer } from '../discovery/offer.ts';
import type { ErrorPresenter } from '../presentError.ts';
import type { Answer } from '../picks/steps.ts';
import { confirmReconnect } from './confirm.ts';
import { reopenAfter } from './afterFailure.ts';
import { fileSteps, formSteps, lacksPassword, uriSteps, type FormContext } from './formSteps.ts';
import { changedSecrets, keepsNone, keptSecrets, secretChanges, type KeptSecrets } from './secrets.ts';
import type { Start } from './startItems.ts';
import { pickStart } from './startPick.ts';
import { tryConnection } from './tryConnection.ts';
import {
  blankValues,
  isSameLogin,
  localValues,
  nameOf,
  profileOf,
  targetOf,
  valuesOfProfile,
  valuesOfUri,
  type FormValues,
} from './values.ts';

export interface ConnectionFormParts {
  readonly connections: Connections;
  readonly errors: ErrorPresenter;
  readonly files: FilePicker;
  /** Looks for connections in files of the workspace. */
  findOffers(signal: AbortSignal): Promise<readonly Offer[]>;
  /** Connects what was tested and saved, and tells the person when that fails. */
  connect(session: Session): Promise<void>;
}

/** What a form is for: a new connection, or changes to a saved one. */
interface Purpose {
  readonly title: string;
  readonly isNew: boolean;
  readonly context: FormContext;
  /** What the broker is asked with. */
  secrets(values: FormValues): Promise<ConnectionSecrets>;
  /** @returns undefined when the person thought better of it */
  save(values: FormValues): Promise<Session | undefined>;
}

/** Adds and edits connections: asks, tests, and only then saves. Escape at any point leaves things as they were. */
export class ConnectionForm {
  readonly #parts: ConnectionFormParts;
  /** Entered for a new connection whose test failed: kept until it is saved, also when the message was closed. */
  #unsaved: FormValues | undefined;

  constructor(parts: ConnectionFormParts) {
    this.#parts = parts;
  }

  async add(): Promise<void> {
    const purpose = this.#adding();
    const { taken } = purpose.context;
    for (;;) {
      const unsaved = this.#unsaved && { name: nameOf(this.#unsaved, taken), values: this.#unsaved };
      // A person goes back and forth one question at a time.
      // oxlint-disable-next-line no-await-in-loop
      const start = await pickStart(purpose.title, unsaved, (signal) => this.#newOffers(signal));
      if (!start) return;
      // oxlint-disable-next-line no-await-in-loop
      const answer = await this.#askFrom(start, purpose);
      if (answer.kind === 'escaped') return;
      if (answer.kind === 'back') continue;
      return this.#test(purpose, answer.state);
    }
  }

  /** @param after the failure that is the reason for it: the form begins with the likeliest cause */
  async edit(session: Session, after?: ErrorCode): Promise<void> {
    const purpose = await this.#editing(session);
    const values = valuesOfProfile(session.profile);
    await this.#ask(purpose, values, after);
  }

  /** Those that no saved connection has the target of. */
  async #newOffers(signal: AbortSignal): Promise<readonly Offer[]> {
    const offers = await this.#parts.findOffers(signal);
    const saved = this.#parts.connections.all();
    return offers.filter(({ values }) => !saved.some(({ profile }) => isSameLogin(values, profile)));
  }

  async #ask(purpose: Purpose, values: FormValues, after?: ErrorCode): Promise<void> {
    const { values: state, startAt } =
      after === undefined ? { values, startAt: undefined } : reopenAfter(after, values);
    const answer = await runSteps({ ...this.#wholeForm(purpose), state, startAt });
    if (answer.kind === 'done') await this.#test(purpose, answer.state);
  }

  async #test(purpose: Purpose, values: FormValues): Promise<void> {
    const target = targetOf(values);
    try {
      const secrets = await purpose.secrets(values);
      await withProgressWhenSlow(`Testing the connection to ${describeTarget(target)}`, (signal) =>
        tryConnection(target, secrets, signal),
      );
    } catch (error) {
      return this.#testFailed(purpose, values, toAppError(error));
    }
    const session = await purpose.save(values);
    if (session) await this.#parts.connect(session);
  }

  async #testFailed(purpose: Purpose, values: FormValues, error: AppError): Promise<void> {
    if (purpose.isNew) this.#unsaved = values;
    if (error.is('cancelled')) return this.#ask(purpose, values);
    this.#parts.errors.present(error, nameOf(values, purpose.context.taken), [
      { title: 'Edit', run: () => this.#ask(purpose, values, error.code) },
      { title: 'Save Anyway', run: () => purpose.save(values) },
    ]);
  }

  /** The questions that this way of adding a connection needs. */
  async #askFrom(start: Start, purpose: Purpose): Promise<Answer<FormValues>> {
    const form = { title: purpose.title, canLeaveBackwards: true };
    const whole = { ...this.#wholeForm(purpose), canLeaveBackwards: true };
    switch (start.kind) {
      case 'local':
        return { kind: 'done', state: { ...localValues, port: start.port } };
      case 'uri': {
        const state = valuesOfUri(start.uri);
        if (!lacksPassword(state)) return { kind: 'done', state };
        return runSteps({ ...form, steps: uriSteps, state, startAt: 'password' });
      }
      case 'offer': {
        const state = start.values;
        if (!lacksPassword(state)) return { kind: 'done', state };
        return runSteps({ ...form, steps: fileSteps, state });
      }
      case 'paste':
        return runSteps({ ...form, steps: uriSteps, state: blankValues });
      case 'steps':
        return runSteps({ ...whole, state: { ...localValues, ...start.host } });
      case 'resume':
        return runSteps({ ...whole, state: start.values });
    }
  }

  #wholeForm({ title, context }: Purpose): Omit<MultiStepForm<FormValues>, 'state'> {
    return { title, files: this.#parts.files, steps: formSteps(context), more: askAll };
  }

  #adding(): Purpose {
    const { connections } = this.#parts;
    const taken = namesOf(connections.all());
    return {
      title: 'Add Connection',
      isNew: true,
      context: { taken, remoteName: vscode.env.remoteName, keeps: () => keepsNone },
      secrets: (values) => Promise.resolve(changedSecrets({}, secretChanges(values, undefined))),
      save: async (values) => {
        const profile = profileOf(values, namesOf(connections.all()));
        const session = await connections.add(profile, changedSecrets({}, secretChanges(values, undefined)));
        this.#unsaved = undefined;
        return session;
      },
    };
  }

  async #editing({ profile }: Session): Promise<Purpose> {
    const { connections } = this.#parts;
    const { id } = profile;
    const taken = namesOf(connections.all().filter((each) => each.profile.id !== id));
    const saved = await connections.secrets(id);
    // It may be edited elsewhere while this form's failure is shown: what is kept then belongs to what is saved now.
    const current = (): ConnectionProfile => connections.get(id)?.profile ?? profile;
    return {
      title: `Edit Connection ${profile.name}`,
      isNew: false,
      context: { taken, remoteName: vscode.env.remoteName, keeps: (values) => keptOf(saved, values, current()) },
      secrets: async (values) => changedSecrets(await connections.secrets(id), secretChanges(values, current())),
      save: async (values) => {
        const edited = { ...profileOf(values, taken), id };
        const session = connections.get(id);
        // Deleted while the form was open.
        if (!session) return undefined;
        const changes = secretChanges(values, session.profile);
        const enteredNone = Object.values(changes).every((change) => typeof change !== 'string');
        if (enteredNone && isSameTarget(edited, session.profile)) {
          await connections.rename(session, edited.name);
          return session;
        }
        if (!(await confirmReconnect(session))) return undefined;
        return connections.update(edited, changes);
      },
    };
  }
}

/** Those that are there, and are kept. */
function keptOf(secrets: ConnectionSecrets, values: FormValues, saved: ConnectionProfile): KeptSecrets {
  const { password, tlsPassphrase, managementPassword } = keptSecrets(values, saved);
  return {
    password: password && secrets.password !== undefined,
    tlsPassphrase: tlsPassphrase && secrets.tlsPassphrase !== undefined,
    managementPassword: managementPassword && secrets.managementPassword !== undefined,
  };
}

function namesOf(sessions: readonly Session[]): string[] {
  return sessions.map(({ profile }) => profile.name);
}

function askAll(values: FormValues): FormValues | undefined {
  return values.asksAll ? undefined : { ...values, asksAll: true };
}
