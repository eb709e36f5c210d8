using CalDavServer.Operations;
using CalDavServer.Web.Devices;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Connect;

/// <summary>Where the practitioner chooses the service (R10).</summary>
internal sealed class ChooseModel(Billing billing, ServerOptions options) : ConnectPage(billing)
{
    public IReadOnlyList<Service> Services => Devices.Services.All(options);
}
