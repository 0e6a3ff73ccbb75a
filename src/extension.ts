import type * as vscode from 'vscode';

/** Composition root: builds the parts and hands each the few it needs. */
export function activate(_context: vscode.ExtensionContext): void {}
