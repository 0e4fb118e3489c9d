'use strict';
const form = document.getElementById('filters');
if (form) {
  const findings = [...document.querySelectorAll('.finding')];
  const all = findings.filter(f => f.localName === 'article').length;
  const apply = () => {
    const severities = new Set([...form.elements.severity].filter(box => box.checked).map(box => box.value));
    const rule = form.elements.rule.value;
    const text = form.elements.text.value.toLowerCase();
    let shown = 0;
    for (const finding of findings) {
      const wanted = severities.has(finding.dataset.severity) && (!rule || finding.dataset.rule === rule)
        && (!text || finding.textContent.toLowerCase().includes(text));
      finding.classList.toggle('out', !wanted);
      shown += wanted && finding.localName === 'article' ? 1 : 0;
    }
    form.querySelector('output').textContent = shown === all ? '' : `${shown} of ${all} shown`;
  };
  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('submit', event => event.preventDefault());
  apply();
}
