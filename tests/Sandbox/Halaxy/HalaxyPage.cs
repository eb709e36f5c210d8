using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Pages;
using Sandbox.State;
using static Sandbox.Pages.HomePage;

namespace Sandbox.Halaxy;

/// <summary>The practice's own pages: its diary, its people, its keys and webhooks, with what a person does to them by hand.</summary>
public sealed class HalaxyPage(Store store, VirtualClock clock, HalaxyPush push)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/halaxy", http => Html.WriteAsync(http, store.Locked(Show)));

    private string Show()
    {
        var page = new StringBuilder("<p><a href=\"/\">Calendars</a></p><h1>Halaxy: the practice’s own pages</h1>");
        foreach (var practice in store.HalaxyPractices.FindAll().OrderBy(x => x.Id, StringComparer.Ordinal)) ShowPractice(page, practice);
        return page.Append("<h2>New practice</h2>").Append(Form("/user/halaxy", "Add a practice", ("name", "Riverside Health", "text"), ("timeZone", "Australia/Sydney", "text"))).ToString();
    }

    private void ShowPractice(StringBuilder page, HalaxyPractice practice)
    {
        var at = $"/user/halaxy/{Uri.EscapeDataString(practice.Id)}/";
        var book = new HalaxyBook(store, clock, push, practice, "");
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Html.Text(practice.Name)} <small>{Html.Text(practice.TimeZone)}</small></h2><h3>Diary</h3>");
        page.Append(Form(at + "book", "Book a patient", ("roles", "", "text"), ("patients", "", "text"), ("service", "", "text"), ("start", "", "datetime-local"), ("minutes", "50", "number")));
        page.Append(Form(at + "meet", "Add a meeting", ("roles", "", "text"), ("title", "", "text"), ("start", "", "datetime-local"), ("minutes", "30", "number")));
        page.Append("<table><tr><th>When<th>What<th>With<th>");
        foreach (var row in book.All("Appointment").OrderBy(x => (string?)HalaxyBook.Resource(x)["start"], StringComparer.Ordinal)) ShowAppointment(page, at, row, book);
        page.Append("</table><h3>People</h3>");
        page.Append(Form(at + "clinic", "Add a clinic", ("name", "", "text"), ("address", "", "text"))).Append(Form(at + "practitioner", "Add a practitioner", ("given", "", "text"), ("family", "", "text")));
        page.Append(Form(at + "role", "Add a practitioner to a clinic", ("practitioner", "", "text"), ("clinic", "", "text"))).Append(Form(at + "archive", "Archive a practitioner at a clinic", ("role", "", "text"))).Append(Form(at + "patient", "Add a patient", ("given", "", "text"), ("family", "", "text")));
        page.Append(Form(at + "service", "Add an appointment type", ("name", "", "text"))).Append("<ul>");
        foreach (var type in (string[])["Organization", "Practitioner", "PractitionerRole", "HealthcareService", "Patient"])
            foreach (var row in book.All(type)) page.Append(CultureInfo.InvariantCulture, $"<li>{type} <b>{Html.Text((string?)HalaxyBook.Resource(row)["id"])}</b> {Html.Text(Words(HalaxyBook.Resource(row)))}");
        page.Append("</ul><h3>What the API can</h3><ul>");
        foreach (var name in HalaxySwitches.All)
            page.Append(CultureInfo.InvariantCulture, $"<li>{name}: {(practice.Switches.Contains(name) ? "on" : "off")} {Form(at + "switch", practice.Switches.Contains(name) ? "Switch off" : "Switch on", ("name", name, "hidden"), ("on", practice.Switches.Contains(name) ? "false" : "true", "hidden"))}");
        page.Append("</ul><h3>Keys and webhooks</h3>").Append(Form(at + "key", "Make a key", ("scopes", string.Join(' ', HalaxyNames.Scopes), "text")));
        page.Append(Form(at + "hook", "Set a webhook", ("kind", "created", "text"), ("address", "", "url"), ("secret", "", "text"))).Append("<ul>");
        foreach (var key in store.HalaxyKeys.Find(x => x.Practice == practice.Id))
            page.Append(CultureInfo.InvariantCulture, $"<li>{(key.Revoked ? "<s>" : "")}{key.Id} <small>{key.Secret}</small> {Html.Text(string.Join(", ", key.Scopes))}{(key.Revoked ? "</s>" : Boxes(at, key) + Form(at + "revoke-key", "Revoke", ("client", key.Id, "hidden")))}");
        foreach (var (kind, address) in practice.Hooks) page.Append(CultureInfo.InvariantCulture, $"<li>{kind}: {Html.Text(address)}");
        page.Append("</ul>");
    }

    private static string Boxes(string at, HalaxyKey key) => string.Concat(HalaxyNames.Scopes.Select(scope => Form(at + (key.Scopes.Contains(scope) ? "untick" : "tick"), key.Scopes.Contains(scope) ? $"Untick {scope}" : $"Tick {scope}", ("client", key.Id, "hidden"), ("scope", scope, "hidden"))));

    private static void ShowAppointment(StringBuilder page, string at, HalaxyRow row, HalaxyBook book)
    {
        var one = HalaxyBook.Resource(row);
        var id = ("appointment", (string)one["id"]!, "hidden");
        page.Append(CultureInfo.InvariantCulture, $"<tr{(HalaxyShapes.TakesPlace(one) ? "" : " class=\"gone\"")}><td>{Html.Text((string?)one["start"])} – {Html.Text((string?)one["end"])}<td>{Html.Text(What(row, one, book))} <small>{Html.Text((string?)one["id"])}</small><td>{Html.Text(With(one, book))}<td>");
        page.Append(Form(at + "move", "Move", id, ("start", "", "datetime-local"))).Append(Form(at + "reassign", "Give to", id, ("roles", "", "text"))).Append(Form(at + "comment", "Comment", id, ("comments", "", "text"))).Append(Form(at + "cancel", "Cancel", id));
        page.Append(Form(at + "invoice", "Invoice", id)).Append(Form(at + "note", "Write a note", id)).Append(Form(at + "delete", "Delete", id));
    }

    private static string What(HalaxyRow row, JsonObject one, HalaxyBook book)
    {
        var patients = HalaxyShapes.Participants(one).Where(x => HalaxyShapes.ActorOf(x).Type == "Patient").Select(x => $"{NameOf(book, "Patient", HalaxyShapes.ActorOf(x).Id)}, patient {HalaxyShapes.ActorOf(x).Id} ({HalaxyShapes.StatusOf(x)})");
        return string.Join(", ", patients.Prepend(row.Title).Append((string?)one["description"]).Append(row.HasNote ? "note" : "").Where(x => !string.IsNullOrEmpty(x)));
    }

    /// <summary>Who sees the patient, and where.</summary>
    private static string With(JsonObject one, HalaxyBook book) => string.Join(", ", HalaxyShapes.IdsOf(one, "PractitionerRole").Select(id => NameOf(book, "PractitionerRole", id)));

    private static string NameOf(HalaxyBook book, string type, string id)
    {
        if (book.Find(type, id) is not { } row) return id;
        var resource = HalaxyBook.Resource(row);
        if (type != "PractitionerRole") return Words(resource);
        var (practitioner, clinic) = (HalaxyBook.Target((string?)resource["practitioner"]?["reference"] ?? "").Id, HalaxyBook.Target((string?)resource["organization"]?["reference"] ?? "").Id);
        return $"{NameOf(book, "Practitioner", practitioner)} at {NameOf(book, "Organization", clinic)}";
    }

    private static string Words(JsonObject resource)
    {
        if (resource["name"] is JsonArray names && names[0] is JsonObject name) return string.Join(' ', (string?)name["given"]?[0], (string?)name["family"]);
        if (resource["name"] is { } only) return (string)only!;
        string[] parts = ["practitioner", "organization"];
        return string.Join(" at ", parts.Select(part => HalaxyBook.Target((string?)resource[part]?["reference"] ?? "").Id));
    }
}
