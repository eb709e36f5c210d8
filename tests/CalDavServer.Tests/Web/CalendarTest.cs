using System.Net;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Pages.Calendar;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A test class about the calendar's pages, with Maya's browser and appointments in a week of March 2027.</summary>
public abstract class CalendarTest : PageTest
{
    private protected static readonly LocalDateTime Tuesday = new(2027, 3, 2, 10, 0);

    private protected static Booking Session =>
        new([new Patient("PT-1", "Jane", "Brownlow", "0400 555 777")], "Standard consultation", Tuesday, Duration.FromMinutes(45)) { Location = "Room 2", Fee = 110 };

    private protected PageClient Browser { get; private set; } = null!;

    private protected Diary Diary => new(Server.Store, Server.Clock, Maya.Id, new AuditActor("Maya Lindqvist", ActorVia.Web, null, "session"));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Browser = await SignedInAsync("maya");
    }

    private protected string Address(string id, LocalDateTime? occurrence = null, string page = "") => AppointmentModel.AddressOf(Maya.Id, id, occurrence, page);

    private protected async Task<Appointment> GetAsync(string id, LocalDateTime? occurrence = null) => await Diary.GetAsync(new AppointmentTarget(id, occurrence));

    private protected async Task<IReadOnlyList<Appointment>> ListAsync(LocalDate from, int days)
    {
        var zone = Practice.Zone();
        return await Diary.ListAsync(zone.AtStartOfDay(from).ToInstant(), zone.AtStartOfDay(from.PlusDays(days)).ToInstant());
    }

    /// <summary>The fields of a form as a page of an appointment has it, with some set to something else.</summary>
    private protected static (string, string)[] Filled(Appointment appointment, params (string Name, string Value)[] fields)
    {
        var form = CalDavServer.Web.Calendar.AppointmentForm.Of(appointment, null);
        Dictionary<string, string> filled = new()
        {
            ["Version"] = appointment.Version,
            ["Form.Kind"] = form.Kind!,
            ["Form.Date"] = form.Date!,
            ["Form.Start"] = form.Start!,
            ["Form.Minutes"] = form.Minutes!,
            ["Form.Title"] = form.Title ?? "",
            ["Form.Type"] = form.Type ?? "",
            ["Form.Fee"] = form.Fee ?? "",
            ["Form.Location"] = form.Location ?? "",
            ["Form.Comments"] = form.Comments ?? "",
        };
        for (var index = 0; index < form.Patients.Count; index++)
        {
            filled[$"Form.Patients[{index}].GivenName"] = form.Patients[index].GivenName ?? "";
            filled[$"Form.Patients[{index}].FamilyName"] = form.Patients[index].FamilyName ?? "";
            filled[$"Form.Patients[{index}].Reference"] = form.Patients[index].Reference ?? "";
            filled[$"Form.Patients[{index}].Phone"] = form.Patients[index].Phone ?? "";
        }

        foreach (var (name, value) in fields) filled[name] = value;
        return [.. filled.Select(field => (field.Key, field.Value))];
    }

    private protected static (string, string)[] Personal(string title, params (string Name, string Value)[] fields) =>
    [
        ("Form.Kind", "personal"), .. new[] { ("Form.Title", title), ("Form.Date", "2027-03-02"), ("Form.Start", "10:00"), ("Form.Minutes", "60") }
            .Where(field => fields.All(other => other.Name != field.Item1)),
        .. fields,
    ];

    private protected static void AssertSays(string sentence, PageAnswer page) =>
        Assert.Contains(sentence, WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
}
