import { ModelFileError, type ByteSource } from '../../../core/index.js';
import { externalFiles } from '../../../onnx/index.js';
import { unreadableGraph } from './onnx-session.js';

/**
 * Checks that a graph takes its weights from itself, and from files that the model lists: the runtime would read any file.
 *
 * @param name the graph's name, for messages
 * @param listed names of files in the graph's folder
 * @throws ModelFileError if it takes them from another file, or is not an ONNX file
 */
export function checkExternalFiles(graph: ByteSource, name: string, listed: readonly string[]): void {
  const others = filesOf(graph, name).filter((file) => !listed.includes(file));
  if (others[0] === undefined) return;
  throw new ModelFileError(
    name,
    `${name}: the graph takes weights from the file ${JSON.stringify(others[0])}, which is not there, or which the model does not ` +
      'list. Such a file is not read. Download the model again, or list the file as the weights of the graph.',
  );
}

function filesOf(graph: ByteSource, name: string): string[] {
  try {
    return externalFiles(graph);
  } catch (cause) {
    throw unreadableGraph(name, cause);
  }
}
