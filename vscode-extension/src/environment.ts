// The active Python environment: what the Python extension says, the variable that an activated
// environment sets, and the folder that most tools make in a project.

import { dirname, join } from "node:path";

import { type Disposable, type Event, extensions, type Uri, workspace } from "vscode";

/** The part of the Python extension's interface that is used here; its own name is `ms-python.python`. */
interface PythonApi {
  readonly environments: {
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(environment: { readonly path: string }): Promise<Environment | undefined>;
  };
}

interface Environment {
  readonly executable: { readonly uri: Uri | undefined };
}

/** Folders that the programs of the Python environment lie in, the most telling first. */
export async function programFolders(): Promise<string[]> {
  const interpreter = await activeInterpreter();
  const variable = process.env["VIRTUAL_ENV"];
  return [
    ...(interpreter === undefined ? [] : [dirname(interpreter)]),
    ...(variable === undefined ? [] : [join(variable, "bin")]),
    ...(workspace.workspaceFolders ?? []).map((folder) => join(folder.uri.fsPath, ".venv", "bin")),
  ];
}

/** Calls back when another environment is made the active one. Without the Python extension it never does. */
export async function onDidChangeEnvironment(callback: () => void): Promise<Disposable | undefined> {
  return (await pythonApi())?.environments.onDidChangeActiveEnvironmentPath(callback);
}

async function activeInterpreter(): Promise<string | undefined> {
  const api = await pythonApi();
  if (api === undefined) return undefined;
  const active = api.environments.getActiveEnvironmentPath(workspace.workspaceFolders?.[0]?.uri);
  return (await api.environments.resolveEnvironment(active))?.executable.uri?.fsPath;
}

/** Nothing, where the Python extension is not there or does not start: that is its own to tell. */
async function pythonApi(): Promise<PythonApi | undefined> {
  try {
    return await extensions.getExtension<PythonApi>("ms-python.python")?.activate();
  } catch {
    return undefined;
  }
}
