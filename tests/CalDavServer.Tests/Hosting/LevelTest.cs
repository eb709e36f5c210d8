using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>A practitioner with a patient appointment, and a device at each end of the privacy levels.</summary>
public abstract class LevelTest : IAsyncLifetime
{
    /// <summary>What is hidden from all but full name.</summary>
    private protected const string Secret = "Quartz";

    private protected TestServer Server { get; private set; } = null!;

    private protected Principal Practitioner { get; private set; } = null!;

    /// <summary>The device at full name.</summary>
    private protected DavClient Full { get; private set; } = null!;

    /// <summary>The device that is shown times only.</summary>
    private protected DavClient Busy { get; private set; } = null!;

    /// <summary>The path of the patient appointment.</summary>
    private protected string Appointment { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(hosting: Hosting);
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        var practice = await directory.CreatePracticeAsync("Harbour Physio", "Australia/Sydney");
        Practitioner = await directory.CreatePersonAsync("dana@example.com", "Dana", "dana@example.com", PrincipalRole.Practitioner, practice.Id);
        Full = Server.Client(await Server.AddPasswordAsync(Practitioner));
        Busy = Server.Client(await Server.AddPasswordAsync(Practitioner, level: PrivacyLevel.Busy));
        var diary = new Diary(Server.Store, Server.Clock, Practitioner.Id, new AuditActor("reception", ActorVia.Web, null, "session"));
        await diary.BookAsync(new Booking([new Patient("P-1", "Wilhelmina", Secret)], "Massage", new LocalDateTime(2026, 6, 1, 9, 0), Duration.FromMinutes(30)));
        Appointment = (await Full.PropFindAsync(Full.Calendar("hx"), "1", Xml.D + "getetag")).Hrefs.Single(href => !href.EndsWith('/'));
        Assert.Equal(201, (await Full.SendAsync("MKCALENDAR", Full.Calendar("own"))).Status);
    }

    public async ValueTask DisposeAsync()
    {
        Full.Dispose();
        Busy.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual CalDavServer.Options.ServerOptions? Hosting => null;
}
