/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the page live: what happens at the store shows at once, and "I'm outside" needs no new page. Without it
 * everything works by forms and a refresh a minute. */
(function () {
	"use strict";
	var main = document.querySelector("main");
	var waiting = false;

	function busy() {
		var field = document.activeElement;
		return field && field.tagName === "INPUT" && main.contains(field);
	}

	/* Somebody who is typing is not interrupted. */
	function show(text) {
		var fresh = new DOMParser().parseFromString(text, "text/html");
		var next = fresh.querySelector("main");
		if (!next)
			return;
		document.title = fresh.title;
		document.adoptNode(next);
		main.replaceWith(next);
		main = next;
		waiting = false;
		listen();
	}

	function load() {
		if (busy()) {
			waiting = true;
			return;
		}
		fetch(location.href, {cache: "no-store"}).then(function (answer) {
			return answer.text();
		}).then(show).catch(function () { waiting = true; });
	}

	function send(event) {
		var form = event.target;
		var button = form.querySelector("button");
		event.preventDefault();
		button.disabled = true;
		fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))}).then(function (answer) {
			return answer.text();
		}).then(show).catch(function () {
			/* The way without us tells what is wrong. */
			form.submit();
		});
	}

	function listen() {
		main.addEventListener("submit", send);
		main.addEventListener("focusout", function () {
			setTimeout(function () {
				if (waiting)
					load();
			}, 0);
		});
	}

	listen();
	if (main.dataset.events && window.EventSource) {
		var source = new EventSource(main.dataset.events);
		source.addEventListener("changed", load);
	}
	document.addEventListener("visibilitychange", function () {
		if (!document.hidden)
			load();
	});
}());
