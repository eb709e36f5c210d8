using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Demo;
using Practice.Diaries;

namespace Practice.Tests;

public sealed class DemoTests : PracticeFixture
{
    [Fact]
    public async Task The_demonstration_has_four_weeks_of_every_kind_of_appointment()
    {
        var people = await DemoPractice.CreateAsync(Store, Clock);
        Assert.Equal([PrincipalRole.Practitioner, PrincipalRole.Practitioner, PrincipalRole.Administrator], people.Select(person => person.Role));
        foreach (var practitioner in people.Take(2))
        {
            var all = await new Diary(Store, Clock, practitioner.Id, new AuditActor("test", ActorVia.Web, null, "session")).ListAsync(Clock.Now - Duration.FromDays(16), Clock.Now + Duration.FromDays(14));
            Assert.True(all.Count(appointment => appointment.Kind == AppointmentKind.Patient) > 30);
            Assert.Contains(all, appointment => appointment is { Kind: AppointmentKind.Personal, AllDay: true, Title: "Leave" });
            Assert.Contains(all, appointment => appointment.OnlineBooking);
            Assert.Contains(all, appointment => appointment is { Invoice: not null, Status: AppointmentStatus.Attended });
            Assert.Contains(all, appointment => appointment is { Occurrence: not null, Status: AppointmentStatus.Cancelled, Published: false });
            Assert.Contains(all, appointment => appointment.Occurrence is { } key && key != appointment.Start.LocalDateTime);
            Assert.Contains(all, appointment => appointment.Patients.Count == 3);
        }

        Assert.Empty(await Store.CheckAsync(cancellationToken: TestContext.Current.CancellationToken));
    }
}
