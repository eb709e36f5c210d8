using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;
using Xunit;

namespace CalDavServer.Tests.Rfc6578;

/// <summary>Changes at random to one practitioner's home: by a calendar client of theirs, and by the diary.</summary>
internal sealed class RandomHistory(Random random, Principal practitioner)
{
    private static readonly string[] CalendarNames = ["work", "private", "tasks", "hx"];
    private readonly List<string> _appointments = [];
    private readonly Dictionary<string, string> _uids = new(StringComparer.Ordinal);
    private int _made;

    public TestServer Server { get; set; } = null!;

    /// <summary>A client at the level that sees and may do everything.</summary>
    public DavClient Writer { get; set; } = null!;

    /// <summary>Does something. What is refused because of what is there at the moment is no change.</summary>
    public Task StepAsync() => random.Next(20) switch
    {
        < 7 => PutAsync(),
        < 10 => DeleteAsync(),
        < 13 => MoveAsync(),
        13 => MakeAsync(),
        14 => RemoveCalendarAsync(),
        15 => DescribeAsync(),
        16 => BookAsync(),
        17 => EditAsync(),
        18 => CancelAsync(),
        _ => OpenAsync(),
    };

    private static string Name(Random random, bool withHx = true) => CalendarNames[random.Next(withHx ? CalendarNames.Length : CalendarNames.Length - 1)];

    private string Object() => Writer.Calendar(Name(random)) + $"o{random.Next(4)}.ics";

    private async Task PutAsync()
    {
        var href = Object();
        var uid = _uids.GetValueOrDefault(href, $"u{_made}");
        var text = href.Contains("/tasks/", StringComparison.Ordinal) ? Events.Task(uid, $"Task {_made++}") : Events.Event(uid, $"Event {_made++}");
        var status = Expect(await Writer.PutAsync(href, text), 201, 204, 403, 409);
        if (status < 300) _uids[href] = uid;
    }

    private async Task DeleteAsync()
    {
        var href = Object();
        if (Expect(await Writer.DeleteAsync(href), 204, 403, 404) == 204) _uids.Remove(href);
    }

    private async Task MoveAsync()
    {
        var (from, to) = (Object(), Object());
        var answer = await Writer.SendAsync("MOVE", from, null, ("Destination", new Uri(Server.Address, to).ToString()), ("Overwrite", "T"));
        if (Expect(answer, 201, 204, 403, 404, 409) >= 300) return;
        if (_uids.Remove(from, out var uid)) _uids[to] = uid;
    }

    private async Task MakeAsync() => Expect(await Writer.SendAsync("MKCALENDAR", Writer.Calendar(Name(random, withHx: false)), Xml.MkCalendar()), 201, 403);

    private async Task RemoveCalendarAsync()
    {
        var href = Writer.Calendar(Name(random, withHx: false));
        if (Expect(await Writer.DeleteAsync(href), 204, 404) != 204) return;
        foreach (var member in _uids.Keys.Where(each => each.StartsWith(href, StringComparison.Ordinal)).ToList()) _uids.Remove(member);
        if (random.Next(3) > 0) Expect(await Writer.SendAsync("MKCALENDAR", href, Xml.MkCalendar()), 201);
    }

    private async Task DescribeAsync() =>
        Expect(await Writer.SendAsync("PROPPATCH", Writer.Calendar(Name(random)), Xml.Set(new XElement(Xml.C + "calendar-description", $"About {_made++}"))), 207, 404);

    private Diary Diary => new(Server.Store, Server.Clock, practitioner.Id, new AuditActor("the practice", ActorVia.Web, null, "session"));

    private async Task BookAsync() => _appointments.Add(await Diary.BookAsync(
        new Booking([new Patient("PT-1", "Jane", "Brownlow", "0400 555 777")], "Consultation", new LocalDateTime(2026, 7, 1, 9, 0).PlusHours(_made++), Duration.FromMinutes(45))));

    private Task EditAsync() => TryAsync(id => Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = $"Comment {_made++}", Length = Duration.FromMinutes(random.Next(15, 60)) }));

    private Task CancelAsync() => TryAsync(id => Diary.CancelAsync(new AppointmentTarget(id), random.Next(2) == 0 ? CancelChoice.Cancel : CancelChoice.Delete));

    private async Task TryAsync(Func<string, Task<string>> change)
    {
        if (_appointments.Count == 0) return;
        try
        {
            await change(_appointments[random.Next(_appointments.Count)]);
        }
        catch (DiaryException refused) when (refused.Fault is DiaryFault.NotFound or DiaryFault.Conflict)
        {
            // it has been cancelled or removed
        }
    }

    /// <summary>The subscription begins, is not yet begun (what is booked meanwhile is not served), or has it all served.</summary>
    private async Task OpenAsync()
    {
        var access = new HxAccess(random.Next(2) == 0 ? HxState.Active : HxState.NotStarted);
        await Server.Store.ApplyAsync(StoreBatch.Of(access.Put(practitioner.Id)), TestContext.Current.CancellationToken);
        if (access.State == HxState.Active && random.Next(2) == 0) await Diary.IncludeExistingAsync();
    }

    private static int Expect(DavAnswer answer, params int[] statuses)
    {
        Assert.True(statuses.Contains(answer.Status), $"{answer.Status} {answer.Text}");
        return answer.Status;
    }
}
