// Train NLP.js on a task and write what it makes of each message: [what it would do, its ranking].
const { readFileSync, writeFileSync } = require("fs");
const { dockStart } = require("@nlpjs/basic");

async function main([taskFile, outFile]) {
  const { language, train, ask } = JSON.parse(readFileSync(taskFile, "utf-8"));
  const settings = { nlp: { languages: [language], autoSave: false, nlu: { log: false } } };
  const dock = await dockStart({ settings, use: ["Basic", language === "de" ? "LangDe" : "LangEn"] });
  const nlp = dock.get("nlp");
  for (const [text, label] of train) nlp.addDocument(language, text, label);
  await nlp.train();
  const found = [];
  for (const text of ask) {
    const result = await nlp.process(language, text);
    const order = (result.classifications || []).map((one) => one.intent).filter((intent) => intent !== "None");
    found.push([result.intent === "None" ? "out_of_scope" : result.intent, order]);
  }
  writeFileSync(outFile, JSON.stringify(found));
}

main(process.argv.slice(2));
